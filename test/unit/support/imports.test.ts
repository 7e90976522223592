import { deepStrictEqual, ok } from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
import { loadedBy } from '../../support/imports.ts';

const addresses = 'test/support/test-environment.ts';

test('a test that asks for the addresses of servers through other files is known to need servers', () => {
  ok(loadedBy('test/integration/pipeline.test.ts').has(addresses));
  ok(loadedBy('test/integration/cassandra-stores.test.ts').has(addresses));
});

test('a test that imports only a type of the servers is not taken to need them', () => {
  ok(!loadedBy('test/integration/function-process.test.ts').has(addresses));
});

test('no test of the suites without servers asks for the addresses of servers', () => {
  const files = globSync('test/{unit,infra,simulation}/**/*.test.ts');
  deepStrictEqual(
    files.filter((file) => loadedBy(file).has(addresses)),
    [],
  );
});
