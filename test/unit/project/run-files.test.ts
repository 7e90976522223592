import { deepStrictEqual, match } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryFolder } from '../../../local/servers/temporary-folder.ts';

const runner = join(import.meta.dirname, '../../run-files.ts');

/** Runs test files of these texts in one process; gives the result, and what was reported. */
const run = async (texts: readonly string[], longestSilenceMs = 60_000) => {
  await using folder = await temporaryFolder('run-files');
  const files = texts.map((_, index) => join(folder.path, `${index}.test.ts`));
  for (const [index, text] of texts.entries())
    await writeFile(
      files[index] ?? '',
      `import { after, before, describe, test } from 'node:test';\n${text}`,
    );
  const script = join(folder.path, 'run.ts');
  await writeFile(
    script,
    `const { runFiles } = await import(${JSON.stringify(runner)});
    let report = '';
    const result = await runFiles(${JSON.stringify(files)}, {
      atOnce: 'in one process',
      longestSilenceMs: ${longestSilenceMs},
      print: (text) => { report += text; },
      signal: new AbortController().signal,
    });
    process.stdout.write(JSON.stringify({ ...result, report }));`,
  );
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    cwd: folder.path,
    env,
  });
  const { tests, failed, report } = JSON.parse(stdout.replaceAll(`${folder.path}/`, ''));
  return { tests, failed, report };
};

test('of files that run in one process, each failed test is named once, with its file', async () => {
  const { tests, failed } = await run([
    `describe('a group', () => { test('fails', () => { throw new Error(); }); });`,
    `test('has a part', async (t) => { await t.test('fails too', () => { throw new Error(); }); });`,
    `test('passes', () => {});`,
  ]);
  deepStrictEqual([tests, failed], [4, ['0.test.ts: fails', '1.test.ts: fails too']]);
});

test('of files that run in one process, one that cannot be loaded is named, and the others run', async () => {
  const { failed, report } = await run([
    `test('fails', () => { throw new Error(); });`,
    `import './none.ts';`,
    `test('fails as well', () => { throw new Error(); });`,
  ]);
  deepStrictEqual(failed, ['0.test.ts: fails', '1.test.ts', '2.test.ts: fails as well']);
  match(report, /Cannot find module 'none\.ts'/);
});

test('of files that run in one process, one that ends the process is named', async () => {
  const { failed, report } = await run([
    `test('passes', () => {});`,
    `test('exits', () => { process.exit(3); });`,
  ]);
  deepStrictEqual(failed.length, 1);
  match(report, /1\.test\.ts has ended the process of the tests/);
});

test('of files that run in one process, each is loaded after the tests of the one before, and has hooks of its own', async () => {
  const { tests, failed } = await run([
    `after(() => { process.env.STEPS += ' after'; });
    test('waits', () => new Promise((resolve) => setImmediate(resolve)));
    process.env.STEPS = 'loaded';`,
    `const steps = process.env.STEPS;
    test('is the second', () => { if (steps !== 'loaded after') throw new Error(steps); });`,
  ]);
  deepStrictEqual([tests, failed], [2, []]);
});

test('files with a test without an end are given up, and fail', async () => {
  const { failed } = await run(
    [`test('has no end', () => new Promise(() => { setInterval(() => {}, 1_000); }));`],
    1_000,
  );
  match(failed.at(-1), /^no test has begun or ended for 1 seconds/);
});
