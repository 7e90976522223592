import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { lookAtFailed } from '../../../../cli/health/failed-batches.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';

const at = (onFailureFolder: string | null) => ({
  stack: null,
  onFailureFolder,
  kafka: async () => ({ bootstrapServers: [] }),
});

test('the files of an on-failure folder are counted, with the time of the oldest', async () => {
  await using folder = await temporaryFolder('failed-batches');
  deepStrictEqual(await lookAtFailed(at(folder.path)), {
    destination: folder.path,
    batches: 0,
    isMore: false,
    oldest: null,
  });
  const oldest = new Date('2026-11-29T12:00:00Z');
  for (const name of ['1.json', '2.json']) await writeFile(join(folder.path, name), '{}');
  await utimes(join(folder.path, '2.json'), oldest, oldest);
  await mkdir(join(folder.path, 'others'));
  const found = await lookAtFailed(at(folder.path));
  deepStrictEqual([found?.batches, found?.oldest], [2, oldest]);
});

test('an on-failure folder that is gone is told with its name', async () => {
  await using folder = await temporaryFolder('failed-batches');
  await rejects(lookAtFailed(at(join(folder.path, 'none'))), {
    name: 'UserFacingError',
    message: /^The on-failure folder .*none cannot be read \(ENOENT\)\.$/,
  });
});

test('without a destination nothing is looked at', async () => {
  strictEqual(await lookAtFailed(at(null)), null);
});
