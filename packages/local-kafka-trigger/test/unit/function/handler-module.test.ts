import { deepStrictEqual } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { handlerModule } from '../../../src/function/handler-module.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a handler is a module, by the first extension that is there, and the names of its export', async (t) => {
  const folder = await temporaryFolder(t);
  for (const name of ['index.mjs', 'index.js', 'other.ts']) await writeFile(join(folder, name), '');
  deepStrictEqual(handlerModule(folder, 'index.handler'), {
    file: join(folder, 'index.js'),
    path: join(folder, 'index'),
    names: ['handler'],
  });
  deepStrictEqual(handlerModule(folder, 'other.a.b').names, ['a', 'b']);
  deepStrictEqual(handlerModule('/', join(folder, 'other.a')).file, join(folder, 'other.ts'));
  deepStrictEqual(handlerModule(folder, 'none.handler').file, undefined);
  // Dots of a folder's name are none of the handler's.
  const { path, names } = handlerModule(folder, './my.app/dist.v2/index.main');
  deepStrictEqual([path, names], [join(folder, 'my.app/dist.v2/index'), ['main']]);
});
