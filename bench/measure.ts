import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openKeyspace } from '../local/keyspace.ts';
import type { Servers } from '../local/open-servers.ts';
import { eventFile, type Recording } from './recording.ts';

/** One way to bring the recorded batches into Cassandra. */
export interface Consumer {
  readonly name: string;
  /** Exports `handler` and `close`. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What one run took. */
interface Run {
  /**
   * Microseconds of the process, of all its threads, from its start to the last response; without the reading of the events'
   * texts, which is the runtime's work on Lambda.
   */
  readonly cpu: number;
  /** Milliseconds from the first event to the last response. */
  readonly elapsed: number;
  /** Milliseconds of each batch, from its text to its response's. */
  readonly latencies: readonly number[];
  /** Milliseconds of the longest pause of the collector. */
  readonly longestPause: number;
  /** Bytes: the largest resident set. */
  readonly memory: number;
  /** Records that were reported as failed. */
  readonly failures: number;
}

export interface Measured extends Run {
  readonly userEvents: number;
  readonly rejected: number;
}

export interface MeasureOptions {
  readonly recording: Recording;
  readonly batches: number;
  readonly servers: Servers;
  /** The folder for a CPU profile. */
  readonly profile: string | undefined;
}

/** As Lambda's runtime starts Node at 512 MB: 90 % for the old generation, 5 % for half of the young one. */
export const lambdaFlags = ['--max-old-space-size=460', '--max-semi-space-size=25'];

/** Runs a consumer over the first batches of a recording: in a process and a keyspace of its own. */
export const measure = async (
  { bundle, environment }: Consumer,
  { recording, batches, servers, profile }: MeasureOptions,
): Promise<Measured> => {
  await using keyspace = await openKeyspace(servers);
  const child = fork(join(import.meta.dirname, 'consumer.js'), [bundle], {
    env: { PATH: process.env['PATH'], ...keyspace.environment, ...environment },
    execArgv: [
      ...lambdaFlags,
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let run: Run | undefined;
  child.on('message', (message) => {
    run = message as Run;
  });
  child.send(Array.from({ length: batches }, (_, index) => eventFile(recording.folder, index)));
  await once(child, 'exit');
  if (run === undefined) throw new Error(`the consumer ended without a result (${bundle})`);
  const rowsOf = async (table: string): Promise<number> => {
    let rows = 0;
    for await (const _ of keyspace.stream(`SELECT event_time FROM ${keyspace.name}.${table}`))
      rows += 1;
    return rows;
  };
  return {
    ...run,
    userEvents: await rowsOf('user_events'),
    rejected: await rowsOf('rejected_events'),
  };
};
