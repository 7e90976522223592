import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeEnvironment } from '../infra/node-environment.ts';
import { openKeyspace } from '../local/keyspace.ts';
import type { Servers } from '../local/open-servers.ts';
import { peakMemory } from '../local/peak-memory.ts';
import { UserFacingError } from '../local/user-facing-error.ts';
import { eventFile, type Recording } from './recording.ts';

/** One way to bring the recorded batches into Cassandra. */
export interface Consumer {
  readonly name: string;
  /** Exports `handler` and `close`. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What some batches took. */
export interface Turn {
  /**
   * Microseconds of the process, of all its threads, since its last turn or its start; without the reading of the events' texts,
   * which is the runtime's work on Lambda.
   */
  readonly cpu: number;
  /** Milliseconds from the first event to the last response. */
  readonly elapsed: number;
  /** Milliseconds of each batch, from its text to its response's. */
  readonly latencies: readonly number[];
  /** Milliseconds of the longest pause of the collector so far. */
  readonly longestPause: number;
  /** Bytes: the largest resident set so far. */
  readonly memory: number;
  /** Records that were reported as failed. */
  readonly failures: number;
}

/** A consumer at work, in a process and a keyspace of its own. */
export interface RunningConsumer extends AsyncDisposable {
  /** Hands it the batches of a recording from one on up to another, which must follow those before. */
  turn(from: number, to: number): Promise<Turn>;
  /** Of its tables, now. */
  rows(): Promise<{ readonly userEvents: number; readonly rejected: number }>;
}

export interface MeasureOptions {
  readonly recording: Recording;
  readonly servers: Servers;
  /** The folder for a CPU profile. */
  readonly profile: string | undefined;
  /** The number of the core that the consumers have for themselves, if any: needs taskset(1), so Linux. */
  readonly core: number | undefined;
}

/** As Lambda's runtime starts Node at 512 MB: 90 % for the old generation, 5 % for half of the young one. */
export const lambdaFlags = ['--max-old-space-size=460', '--max-semi-space-size=25'];

/**
 * Starts a consumer; it loads its bundle meanwhile. Its end closes the process and removes the keyspace.
 * @throws {UserFacingError} where it cannot have the core.
 * @throws from `turn` where the process ended by itself.
 */
export const startConsumer = async (
  { bundle, environment }: Consumer,
  { recording, servers, profile, core }: MeasureOptions,
): Promise<RunningConsumer> => {
  await using opening = new AsyncDisposableStack();
  const keyspace = opening.use(await openKeyspace(servers));
  const child = fork(join(import.meta.dirname, 'consumer.js'), [bundle], {
    env: { PATH: process.env['PATH'], ...nodeEnvironment, ...keyspace.environment, ...environment },
    execArgv: [
      ...lambdaFlags,
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  opening.defer(async () => {
    if (child.connected) child.disconnect();
    await exited;
  });
  if (core !== undefined) pin(child.pid as number, core);
  const opened = opening.move();

  const rowsOf = async (table: string): Promise<number> => {
    let rows = 0;
    for await (const _ of keyspace.stream(`SELECT event_time FROM ${keyspace.name}.${table}`))
      rows += 1;
    return rows;
  };
  return {
    async turn(from, to) {
      const files = Array.from({ length: to - from }, (_, index) =>
        eventFile(recording.folder, from + index),
      );
      const answered = once(child, 'message');
      // That it cannot be sent is told by the exit.
      child.send(files, () => {});
      const ended = exited.then((): never => {
        throw new Error(`the consumer ended without a result (${bundle})`);
      });
      const [turn] = await Promise.race([answered, ended]);
      return { ...(turn as Omit<Turn, 'memory'>), memory: peakMemory(child.pid as number) };
    },
    rows: async () => ({
      userEvents: await rowsOf('user_events'),
      rejected: await rowsOf('rejected_events'),
    }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
};

/** Lets a process, with all its threads, run on one core only. */
const pin = (pid: number, core: number): void => {
  try {
    execFileSync('taskset', ['-acp', `${core}`, `${pid}`], { stdio: 'pipe' });
  } catch (error) {
    const { message } = error as Error;
    throw new UserFacingError(`--core ${core} cannot be given to a consumer: ${message.trim()}`);
  }
};
