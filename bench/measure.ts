import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openKeyspace } from '../local/keyspace.ts';
import type { Servers } from '../local/open-servers.ts';
import type { Run } from './consumer.ts';
import type { Recording } from './recording.ts';

/** One way to bring the recorded batches into Cassandra. */
export interface Consumer {
  readonly name: string;
  /** Exports `handler` and `close`. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
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
  const child = fork(
    join(import.meta.dirname, 'consumer.ts'),
    [bundle, recording.folder, `${batches}`],
    {
      env: { PATH: process.env['PATH'], ...keyspace.environment, ...environment },
      execArgv: [
        ...lambdaFlags,
        ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
      ],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  let run: Run | undefined;
  child.on('message', (message) => {
    run = message as Run;
  });
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
