import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** Makes a folder that goes with the test. */
export const temporaryFolder = async (t: TestContext): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'local-kafka-trigger-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
};
