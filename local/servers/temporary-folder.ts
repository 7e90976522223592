import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardFolder } from 'local-kafka-trigger/watchdog/guard.ts';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/**
 * Makes a new folder in TMPDIR. It is removed when it is disposed of, or when this process ends without doing so.
 * @throws {UserFacingError} where there is no room.
 */
export const temporaryFolder = async (prefix: string): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(tmpdir(), `${prefix}-`)).catch((error) => {
    throw new UserFacingError(
      `No folder can be made in ${tmpdir()} (${error.code ?? error.message}). Free some space there, or set TMPDIR to a ` +
        'place that has some.',
      { cause: error },
    );
  });
  const release = guardFolder(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
      release();
    },
  };
};
