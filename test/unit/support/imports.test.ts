import { deepStrictEqual, ok } from 'node:assert/strict';
import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../../local/servers/temporary-folder.ts';
import { loadedBy } from '../../support/imports.ts';

const addresses = 'test/support/test-environment.ts';

test('a test that asks for the addresses of servers through other files is known to need servers', () => {
  ok(loadedBy('test/integration/pipeline.test.ts').has(addresses));
  ok(loadedBy('test/integration/cassandra-stores.test.ts').has(addresses));
});

test('a file that is imported for its types alone is not loaded, and one that is imported later is', async () => {
  await using folder = await temporaryFolder('test-imports');
  const path = (name: string) => join(folder.path, name);
  for (const name of ['types.ts', 'code.ts', 'later.ts']) await writeFile(path(name), '');
  const declarations = ["import type { T } from './types.ts';", "import { c } from './code.ts';"];
  const later = './later.ts';
  await writeFile(path('a.ts'), [...declarations, `await import('${later}');`].join('\n'));
  deepStrictEqual([...loadedBy(path('a.ts'))], ['a.ts', 'code.ts', 'later.ts'].map(path));
});

test('no test of the suites without servers asks for the addresses of servers', () => {
  const files = globSync('test/{unit,infra,simulation}/**/*.test.ts');
  deepStrictEqual(
    files.filter((file) => loadedBy(file).has(addresses)),
    [],
  );
});
