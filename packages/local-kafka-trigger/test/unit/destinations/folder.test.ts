import { deepStrictEqual, rejects } from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderDestination } from '../../../src/destinations/folder.ts';
import { failureEnvelope } from '../../../src/mapping/on-failure.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const envelope = () =>
  failureEnvelope(
    { source: { kind: 'self-managed', bootstrapServers: 'b:9092' }, functionArn: 'arn' },
    { condition: 'RetryAttemptsExhausted', parts: [], invocations: 11, result: undefined },
  );

test('each batch that is given up has a file of its own, in a folder that is made', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'given', 'up');
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

test('a folder that cannot be made is told', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  await rejects(folderDestination(join(file, 'in')), {
    message: `The folder ${join(file, 'in')} cannot be made (ENOTDIR).`,
  });
});
