import type { Client, types } from 'cassandra-driver';
import type { EventLayout } from '../bytes/event-layout.ts';
import type { Several } from '../pipeline/row-groups.ts';
import type { RowsWrite, Stores } from '../pipeline/stores.ts';
import type { Settings } from '../settings/read-settings.ts';
import { replicasOf } from './batch/replicas.ts';
import { batchLimits, rowBatches } from './batch/row-batches.ts';
import { type Rows, type WriteBatch, writeBatch } from './batch/send-batch.ts';
import type { Session } from './connection/session.ts';
import { withAlter } from './refusals/missing-column.ts';
import { eventRows, insertUserEvent } from './rows/event-rows.ts';
import {
  checkpointKey,
  checkpointValues,
  insertCheckpoint,
  selectCheckpoint,
  toCheckpoint,
} from './rows/partition-watermarks.ts';
import { insertRejectedEvent } from './rows/rejected-events.ts';
import { rejectedRows } from './rows/rejected-rows.ts';
import { rejectedTtl } from './rows/rejected-ttl.ts';

interface WriteOptions {
  /** What is done, for messages. */
  readonly what: string;
  readonly writeBatch: WriteBatch;
  /** Adds to an error what can be done. */
  readonly explain?: (error: unknown) => unknown;
}

/**
 * The three tables of a keyspace, on Cassandra or Amazon Keyspaces.
 * @param warn writes a line of the log about a setting that the server does not take.
 */
export const cassandraStores = (
  session: Session,
  config: Pick<
    Settings,
    | 'contactPoints'
    | 'keyspace'
    | 'consumerGroup'
    | 'batches'
    | 'batchPartitions'
    | 'batchKibibytes'
    | 'rejectedTtlSeconds'
  >,
  layout: EventLayout,
  warn: (line: object) => void = (line) => process.stdout.write(`${JSON.stringify(line)}\n`),
): Stores => {
  const { keyspace, consumerGroup } = config;
  const rowsOf = eventRows(layout);
  const ttl = rejectedTtl(config.rejectedTtlSeconds, warn);
  const limits = batchLimits(config);
  const intoUserEvents = writeBatch(insertUserEvent(keyspace, layout), config);
  const intoRejectedEvents = writeBatch(insertRejectedEvent(keyspace), config);
  const intoCheckpoints = insertCheckpoint(keyspace);
  const fromCheckpoints = selectCheckpoint(keyspace);

  const execute = (
    query: string,
    values: (Buffer | null)[],
    what: string,
  ): Promise<types.ResultSet> =>
    session.run(
      what,
      (client) => client.execute(query, values),
      () => values,
    );

  /** Cuts rows into batches of what the target allows. */
  const writes = <Given>(
    given: readonly Given[],
    rows: Rows,
    { what, writeBatch: write, explain = (error) => error }: WriteOptions,
  ): RowsWrite<Given>[] => {
    const nodesOf = toNodesOf(session.client, keyspace, rows);
    return rowBatches(rows, limits, nodesOf).map((places) => {
      const batch = { rows, places };
      const [place = 0] = places;
      const contents = places.length === 1 ? () => rows.values(place) : undefined;
      return {
        rows: pick(given, places) as unknown as Several<Given>,
        write: () =>
          session
            .run(what, (client) => write(client, batch, nodesOf !== null), contents)
            .catch((error: unknown) => {
              throw explain(error);
            }),
      };
    });
  };

  return {
    async readCheckpoint(partition) {
      const what = `reading the checkpoint of ${partition.topic}-${partition.partition}`;
      const result = await execute(fromCheckpoints, checkpointKey(consumerGroup, partition), what);
      const row = result.first();
      return row === null ? null : toCheckpoint(row);
    },
    async writeCheckpoint(partition, checkpoint) {
      const values = checkpointValues(consumerGroup, partition, checkpoint, Date.now());
      const what = `writing the checkpoint of ${partition.topic}-${partition.partition}`;
      await execute(intoCheckpoints, values, what);
    },
    userEventWrites: (rows) =>
      writes(rows, rowsOf(rows), {
        what: 'writing rows of user_events',
        writeBatch: intoUserEvents,
        explain: (error) => withAlter(error, keyspace, layout.plan),
      }),
    rejectedWrites(rows) {
      let seconds = ttl.seconds(Date.now());
      const encoded = rejectedRows(rows, Date.now(), seconds);
      return writes(rows, encoded, {
        what: 'writing rows of rejected_events',
        writeBatch: intoRejectedEvents,
      }).map(({ rows: written, write }) => ({
        rows: written,
        async write() {
          const tried = seconds;
          try {
            await write();
          } catch (error) {
            const now = Date.now();
            if (!ttl.learn(error, tried, now)) throw error;
            seconds = ttl.seconds(now);
            encoded.expireAfter(seconds);
            await write();
          }
        },
      }));
    },
  };
};

/** As many as there are places. */
const pick = <T>(all: readonly T[], places: readonly number[]): T[] => {
  const picked: T[] = [];
  for (const place of places) picked.push(all[place] as T);
  return picked;
};

/** Names the nodes that have a row; null where all have all rows, or nobody knows. */
const toNodesOf = (
  client: Client | null,
  keyspace: string,
  rows: Rows,
): ((place: number) => string) | null => {
  if (client === null || rows.count === 0) return null;
  const of = (place: number): string | null => replicasOf(client, keyspace, rows.routingKey(place));
  return of(0) === null ? null : (place) => of(place) ?? '';
};
