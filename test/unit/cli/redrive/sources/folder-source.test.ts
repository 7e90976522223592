import { deepStrictEqual, match, rejects } from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { envelopeReader } from '../../../../../cli/redrive/sources/envelope-candidates.ts';
import { folderSource } from '../../../../../cli/redrive/sources/folder-source.ts';
import { temporaryFolder } from '../../../../../local/servers/temporary-folder.ts';
import { envelopeOf } from '../../../../support/failure-envelope.ts';

const envelopes = () =>
  envelopeReader(null, () =>
    Promise.reject(new Error('an envelope with records needs no brokers')),
  );
const batch = (...offsets: readonly number[]): string =>
  JSON.stringify(
    envelopeOf(
      offsets.map((offset) => ({
        ...{ topic: 'clicks', partition: 0, offset },
        value: Buffer.from('x'),
      })),
    ),
  );

/** Redrives a folder with two batches and a file that is none, where all records but those at some offsets are done. */
const redriven = async (removes: boolean, notDone: readonly number[]) => {
  await using folder = await temporaryFolder('failed');
  await writeFile(join(folder.path, 'a.json'), batch(0, 1));
  await writeFile(join(folder.path, 'b.json'), batch(2));
  await writeFile(join(folder.path, 'c.json'), 'no envelope');
  await using source = await folderSource({ folder: folder.path, removes }, envelopes());
  const names: string[] = [];
  for await (const { name, settle, place } of source.candidates(new AbortController().signal)) {
    names.push(name);
    settle?.(place !== null && !notDone.includes(Number(place.offset)));
  }
  const says = await source.end();
  return { names, says, unread: source.unread, left: (await readdir(folder.path)).toSorted() };
};

test('the records of each file come in the order of the names, and what is no envelope by its own', async () => {
  const { names, says, left } = await redriven(false, []);
  deepStrictEqual(names, ['clicks/0/0', 'clicks/0/1', 'clicks/0/2', 'c.json']);
  match(says, /stay/);
  deepStrictEqual(left, ['a.json', 'b.json', 'c.json']);
});

test('a file is removed once all of its records are done, and no other', async () => {
  const { says, unread, left } = await redriven(true, [1]);
  deepStrictEqual([left, unread], [['a.json', 'c.json'], []]);
  match(says, /^1 batch was removed from /);
  deepStrictEqual((await redriven(true, [])).left, ['c.json']);
});

test('a folder that is not there is told with its name', async () => {
  await rejects(
    folderSource({ folder: '/nowhere', removes: false }, envelopes()),
    /The folder \/nowhere cannot be read \(ENOENT\)/,
  );
});
