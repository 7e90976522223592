import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';

/** A command of this project that runs in a process, with an empty folder for its temporary files. */
export interface RunningCommand extends AsyncDisposable {
  /** The output so far, and the errors. */
  output(): string;
  /** Waits for a condition. @throws {Error} with the output, where the command has ended before. */
  until(condition: () => boolean | Promise<boolean>): Promise<void>;
  /** The command lines of the processes that it has started, and those have, by their numbers. */
  processes(): Promise<ReadonlyMap<number, string>>;
  signal(name: NodeJS.Signals): void;
  /** Waits for its end; gives the exit code. */
  ended(): Promise<number | null>;
  /** Waits until these processes and its temporary files are gone. @throws {Error} naming those that are still there after a minute. */
  leavesNothing(processes: ReadonlyMap<number, string>): Promise<void>;
}

const pollMs = 50;
/** The milliseconds in which everything of a command must be gone. */
const leftMs = 60_000;

export const runCommand = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<RunningCommand> => {
  const folder = await temporaryFolder('command');
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    env: { ...env, TMPDIR: folder.path, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  guardProcess(child);
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  return {
    output: () => output,
    async until(condition) {
      while (!(await condition())) {
        if (child.exitCode !== null) throw new Error(`the command has ended: ${output}`);
        await delay(pollMs);
      }
    },
    processes: () => descendants(child),
    signal: (name) => void child.kill(name),
    async ended() {
      await closed;
      return child.exitCode;
    },
    async leavesNothing(processes) {
      for (const deadline = Date.now() + leftMs; ; await delay(pollMs)) {
        const left = [
          ...[...processes].filter(([pid]) => runs(pid)).map(([, args]) => args),
          ...(await filesIn(folder.path)),
        ];
        if (left.length === 0) return;
        if (Date.now() > deadline) throw new Error(`the command has left: ${left.join(', ')}`);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
      await folder[Symbol.asyncDispose]();
    },
  };
};

/** Lists what is in a folder, while others remove it. */
const filesIn = (path: string): Promise<string[]> =>
  readdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return ['a folder that has gone while it was read'];
  });

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const descendants = async ({ pid }: ChildProcess): Promise<Map<number, string>> => {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  const all = stdout.split('\n').map((line) => {
    const [, own, parent, args = ''] = /^ *(\d+) +(\d+) (.*)$/.exec(line) ?? [];
    return { own: Number(own), parent: Number(parent), args };
  });
  const found = new Map<number, string>();
  for (let parents = [pid]; parents.length > 0; ) {
    const children = all.filter(({ parent }) => parents.includes(parent));
    for (const { own, args } of children) found.set(own, args);
    parents = children.map(({ own }) => own);
  }
  return found;
};
