import { deepStrictEqual, rejects } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UserFacingError } from '../../../cli/terminal/user-facing-error.ts';
import { readSavedFile } from '../../../local/read-event.ts';
import { temporaryFolder } from '../../../local/servers/temporary-folder.ts';

const folder = await temporaryFolder('saved-files');
after(() => folder[Symbol.asyncDispose]());
let files = 0;
const read = async (contents: string | Buffer) => {
  const path = join(folder.path, `${files++}`);
  await writeFile(path, contents);
  return readSavedFile(path);
};

const event = { eventSource: 'aws:kafka', records: { 'events-0': [] } };
const text = JSON.stringify(event);

test('a Kafka event is read from its own JSON, and from the object of an on-failure bucket', async () => {
  const envelope = { version: '1.0', KafkaBatchInfo: { batchSize: 1 }, payload: text };
  for (const contents of [text, JSON.stringify(envelope)])
    deepStrictEqual(await read(contents), { kind: 'event', event });
});

test('bytes and JSON that is no event are one record’s value', async () => {
  for (const contents of ['H0123', '{"user_id":"a"}', '[1]', '{not JSON', Buffer.of(0x7b, 0, 1)]) {
    const bytes = Buffer.from(contents);
    deepStrictEqual(await read(contents), { kind: 'value', bytes });
  }
});

for (const [what, contents, sentence] of [
  ['an empty file', '', /\d is empty\.$/],
  ['JSON without its end', text.slice(0, 30), /looks like JSON that is cut off at byte 30\.$/],
  ['JSON cut off in a text', '{"é', /looks like JSON that is cut off at byte 4\.$/],
  ['JSON with a mistake', '{"é":x}', /looks like JSON with a mistake: Unexpected token 'x'/],
  ['JSON cut off in a word', '{"a":tru', /looks like JSON that is cut off at byte 8\.$/],
  [
    'an on-failure object whose payload is cut off',
    JSON.stringify({ payload: text.slice(0, 9) }),
    /^the payload of .+ looks like JSON that is cut off at byte 9\.$/,
  ],
  [
    'an on-failure notice without its records',
    JSON.stringify({ KafkaBatchInfo: { recordsInfo: { 'events-0': {} } } }),
    /without the records.*\{"events-0":\{\}\}$/,
  ],
] as const)
  test(`${what} is told as that`, async () => {
    await rejects(
      read(contents),
      (error) => error instanceof UserFacingError && sentence.test(error.message),
    );
  });

test('a file that is not there is told with its name and the list of saved events', async () => {
  await rejects(
    readSavedFile(join(folder.path, 'none')),
    /none cannot be read \(ENOENT\)\. events/,
  );
});
