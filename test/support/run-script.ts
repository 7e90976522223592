import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A command line of the project that runs in a process of its own. Disposing kills it. */
export interface Script extends AsyncDisposable {
  /** Resolves with what was printed so far when that matches. @throws if the process ends before. */
  printed(pattern: RegExp): Promise<string>;
  /** Sends SIGINT, as Ctrl-C does. */
  interrupt(): void;
  /** Resolves at the end of the process. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/**
 * Starts a command line.
 * @param file its path from the project's folder.
 * @param environment variables besides those of this process.
 * @param input what its standard input brings; empty by default.
 */
export const startScript = (
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = '',
): Script => {
  const root = join(import.meta.dirname, '../..');
  const child = spawn(process.execPath, [join(root, file), ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  child.stdin.end(input);
  let output = '';
  let wake = Promise.withResolvers<void>();
  const changed = (): void => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
      changed();
    });
  let isOver = false;
  const ended = once(child, 'close').then(([code]) => {
    isOver = true;
    changed();
    return { code, output };
  });
  return {
    async printed(pattern) {
      while (!pattern.test(output)) {
        if (isOver) throw new Error(`${file} ended without printing ${pattern}:\n${output}`);
        await wake.promise;
      }
      return output;
    },
    interrupt: () => void child.kill('SIGINT'),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
};
