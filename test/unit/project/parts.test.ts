import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf } from '../../parts.ts';
import { filesOfSuites, sharesServers, withoutServers, withServers } from '../../suites.ts';

const all = filesOfSuites([...withoutServers, ...withServers]).toSorted();

test('npm test runs each test file in one of its parts', () => {
  ok(all.length > 200);
  deepStrictEqual(
    partsOf(all)
      .flatMap(({ files }) => files)
      .toSorted(),
    all,
  );
});

test('files that share the run’s servers are one part, which runs two of them at once, in a process each', () => {
  const [first, ...others] = partsOf(all);
  deepStrictEqual([first?.files, first?.atOnce], [all.filter(sharesServers), 2]);
  ok(first?.files.includes('test/integration/pipeline.test.ts'));
  ok(others.some(({ files }) => files.includes('test/integration/session.test.ts')));
});
