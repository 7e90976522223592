import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { classArguments, keepClasses } from '../../../../local/servers/class-archive.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';

test('a server without an archive of its classes writes one, which is kept beside its jars and used from then on', async () => {
  await using folder = await temporaryFolder('test-classes');
  const library = join(folder.path, 'lib');
  const written = join(folder.path, 'classes.jsa');
  const [first] = classArguments(library, written);
  strictEqual(first, `-XX:ArchiveClassesAtExit=${written}`);
  await writeFile(written, 'classes');
  await keepClasses(library, written);
  const [next] = classArguments(library, written);
  strictEqual(next, `-XX:SharedArchiveFile=${library}.jsa`);
  deepStrictEqual((await readdir(folder.path)).toSorted(), ['classes.jsa', 'lib.jsa']);
});

test('an archive that another process has kept meanwhile stays', async () => {
  await using folder = await temporaryFolder('test-classes');
  const library = join(folder.path, 'lib');
  await writeFile(`${library}.jsa`, 'theirs');
  await writeFile(join(folder.path, 'mine'), 'mine');
  await keepClasses(library, join(folder.path, 'mine'));
  strictEqual(await readFile(`${library}.jsa`, 'utf8'), 'theirs');
});

test('a server that has written no archive, for it was killed, leaves none', async () => {
  await using folder = await temporaryFolder('test-classes');
  await keepClasses(join(folder.path, 'lib'), join(folder.path, 'none'));
  deepStrictEqual(await readdir(folder.path), []);
});
