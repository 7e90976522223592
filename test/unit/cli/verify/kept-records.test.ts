import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Target } from '../../../../cli/target/target.ts';
import { readKept } from '../../../../cli/verify/kept-records.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';
import { envelopeOf } from '../../../support/failure-envelope.ts';

const at = (offset: number, partition = 0, topic = 'clicks') => ({
  ...{ topic, partition, offset },
  value: Buffer.from('x'),
});

/** Reads what a folder keeps that has these files. */
const keptIn = async (...texts: readonly string[]) => {
  await using folder = await temporaryFolder('kept');
  for (const [index, text] of texts.entries())
    await writeFile(join(folder.path, `${index}.json`), text);
  const context = {
    signal: new AbortController().signal,
    output: { print() {}, tell() {}, progress() {} },
  };
  const target = { name: 'a test', stack: null, onFailureFolder: null } as Target;
  return await readKept(context, target, 'clicks', folder.path);
};

test('the records of the destination are kept: those of the topic, by partition, and no others', async () => {
  const { has, unread } = await keptIn(
    JSON.stringify(envelopeOf([at(7), at(8), at(12)])),
    JSON.stringify(envelopeOf([at(8), at(9)])),
    JSON.stringify(envelopeOf([at(3, 1)])),
    JSON.stringify(envelopeOf([at(20, 0, 'views')])),
  );
  strictEqual(unread, null);
  const within = (partition: number): number[] =>
    Array.from({ length: 25 }, (_, offset) => offset).filter((offset) => has(partition, offset));
  deepStrictEqual(within(0), [7, 8, 9, 12]);
  deepStrictEqual(within(1), [3]);
  deepStrictEqual(within(2), []);
});

test('what of the destination could not be read is told', async () => {
  const { has, unread } = await keptIn(JSON.stringify(envelopeOf([at(7)])), '{"hello": 1}');
  strictEqual(has(0, 7), true);
  match(`${unread}`, /was not read to its end.*1 object of it could not be read/);
});
