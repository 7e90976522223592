import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A pipeline that a command of this project runs on this machine, as other commands find it. */
export interface Running {
  /** The id of the process that runs it. */
  readonly pid: number;
  /** The command: `npm start`. */
  readonly command: string;
  readonly topic: string;
  readonly bootstrapServers: readonly string[];
  /** The variables of its function, which name the database, the keyspace and the consumer group. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that failed batches go to; left out where there is none. */
  readonly onFailureFolder?: string;
}

const file = join(import.meta.dirname, '../../.local/running.json');

/** Tells other commands of this checkout where a pipeline runs. Disposing of it takes the word back. */
export const tellRunning = (given: Omit<Running, 'pid'>): Disposable => {
  const running: Running = { ...given, pid: process.pid };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(running));
  return {
    [Symbol.dispose]() {
      if (findRunning()?.pid === process.pid) rmSync(file, { force: true });
    },
  };
};

/** Finds the pipeline that was started last and still runs; null where there is none. */
export const findRunning = (): Running | null => {
  try {
    const running = JSON.parse(readFileSync(file, 'utf8')) as Running;
    process.kill(running.pid, 0);
    return running;
  } catch {
    return null;
  }
};
