import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { UserFacingError } from '../user-facing-error.ts';

let pipe: Writable | null = null;

/**
 * Sends a message to the watchdog, which is started at the first message and serves for the life of this process. It does not
 * keep this process alive.
 */
const tell = (message: object): void => {
  if (pipe === null) {
    const watchdog = spawn(process.execPath, [join(import.meta.dirname, 'watchdog.js')], {
      // The watchdog has a process group of its own, which a terminal's Ctrl-C does not reach.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    watchdog.unref();
    pipe = watchdog.stdin as Writable & { unref?: () => void };
    (pipe as Writable & { unref?: () => void }).unref?.();
    pipe.on('error', () => {});
  }
  pipe.write(`${JSON.stringify(message)}\n`);
};

/** Has a process killed when this process ends before it, in whatever way. */
export const guardProcess = (child: ChildProcess): void => {
  const { pid } = child;
  if (pid === undefined) return;
  tell({ guard: { pid } });
  // The guard ends with the process: the process's number may soon be used again.
  child.once('exit', () => tell({ release: { pid } }));
};

/** Has a folder removed when this process ends in whatever way; calling the result ends the guard. */
export const guardFolder = (path: string): (() => void) => {
  tell({ guard: { folder: path } });
  return () => tell({ release: { folder: path } });
};

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
