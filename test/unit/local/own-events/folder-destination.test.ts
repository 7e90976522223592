import { deepStrictEqual, rejects } from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { failureEnvelope } from '../../../../local/event-source-mapping/on-failure.ts';
import { folderDestination } from '../../../../local/own-events/folder-destination.ts';
import { temporaryFolder } from '../../../../local/servers/watchdog.ts';

const envelope = () =>
  failureEnvelope(
    { source: { kind: 'self-managed', bootstrapServers: 'b:9092' }, functionArn: 'arn' },
    { condition: 'RetryAttemptsExhausted', parts: [], invocations: 11, result: undefined },
  );

test('each batch that is given up has a file of its own, in a folder that is made', async () => {
  await using folder = await temporaryFolder('test-on-failure');
  const path = join(folder.path, 'given', 'up');
  const keep = await folderDestination(path);
  const both = [envelope(), envelope()];
  for (const one of both) await keep(one);
  const files = await readdir(path);
  const kept = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(path, file), 'utf8'))),
  );
  const byId = (one: { requestContext: { requestId: string } }) => one.requestContext.requestId;
  deepStrictEqual(
    kept.toSorted((a, b) => (byId(a) < byId(b) ? -1 : 1)),
    both.toSorted((a, b) => (byId(a) < byId(b) ? -1 : 1)),
  );
});

test('a folder that cannot be made is told', async () => {
  await using folder = await temporaryFolder('test-on-failure');
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  await rejects(folderDestination(join(file, 'in')), {
    message: `The folder ${join(file, 'in')} cannot be made (ENOTDIR).`,
  });
});
