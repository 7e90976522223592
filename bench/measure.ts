import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { nodeEnvironment } from '../infra/node-environment.ts';
import { openKeyspace } from '../local/keyspace.ts';
import type { Servers } from '../local/open-servers.ts';
import { peakMemory } from '../local/peak-memory.ts';
import { eventFile, type Recording } from './recording.ts';

/** One way to bring the recorded batches into Cassandra. */
export interface Consumer {
  readonly name: string;
  /** The path of the bundle, which exports `handler` and `close`. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The measurements of a turn, which is some batches. */
export interface Turn {
  /**
   * The CPU time of the process with all its threads since its last turn or its start, in microseconds. Reading the events' texts
   * is left out: it is the runtime's work on Lambda.
   */
  readonly cpu: number;
  /** The milliseconds from the first event to the last response. */
  readonly elapsed: number;
  /** The milliseconds of each batch, from its text to the response's text. */
  readonly latencies: readonly number[];
  /** The longest pause of the garbage collector so far, in milliseconds. */
  readonly longestPause: number;
  /** The largest resident set so far, in bytes. */
  readonly memory: number;
  /** The number of records that were reported as failed. */
  readonly failures: number;
}

/** A consumer at work, in a process and a keyspace of its own. */
export interface RunningConsumer extends AsyncDisposable {
  /** Hands over the batches of a recording from one index up to another. They must follow the earlier turns' batches. */
  turn(from: number, to: number): Promise<Turn>;
  /** Counts the rows that its tables have now. */
  rows(): Promise<{ readonly userEvents: number; readonly rejected: number }>;
}

export interface MeasureOptions {
  readonly recording: Recording;
  readonly servers: Servers;
  /** The folder for a CPU profile, if one is wanted. */
  readonly profile: string | undefined;
  /** The core that the consumers have for themselves, if any. It needs taskset(1), that is Linux. */
  readonly core: number | undefined;
}

/** Node's flags on Lambda at 512 MB: 90 % for the old generation, 5 % for half of the young one. */
export const lambdaFlags = ['--max-old-space-size=460', '--max-semi-space-size=25'];

/**
 * Starts a consumer, which loads its bundle meanwhile. Disposing of it ends the process and removes the keyspace.
 * @throws {UserFacingError} if the process cannot be bound to the core.
 * @throws from `turn` if the process has ended by itself.
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
  guardProcess(child);
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
      // The exit handler reports a process that takes no message.
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

/** Binds a process with all its threads to one core. */
const pin = (pid: number, core: number): void => {
  try {
    execFileSync('taskset', ['-acp', `${core}`, `${pid}`], { stdio: 'pipe' });
  } catch (error) {
    const { message } = error as Error;
    throw new UserFacingError(`--core ${core} cannot be given to a consumer: ${message.trim()}`);
  }
};
