import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';

let pipe: Socket | null = null;

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
    const input = watchdog.stdin as Socket;
    input.unref();
    pipe = input;
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
