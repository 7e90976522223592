import type { Client, types } from 'cassandra-driver';
import type { EventLayout } from '../bytes/event-layout.ts';
import type { NonEmptyArray, Stores, WriteRequest } from '../pipeline/stores.ts';
import type { Settings } from '../settings/read-settings.ts';
import { BufferPool } from './batch/buffer-pool.ts';
import { replicasOf } from './batch/replicas.ts';
import { batchLimits, rowBatches } from './batch/row-batches.ts';
import { type SendBatch, sendBatch } from './batch/send-batch.ts';
import { readServerLimits } from './batch/server-limits.ts';
import { isKeyspaces } from './connection/client-options.ts';
import { statements } from './connection/prepare.ts';
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
import type { Rows } from './rows/rows.ts';

interface RequestOptions {
  /** The name of the request, for messages. */
  readonly what: string;
  readonly send: SendBatch;
  /** Adds to an error what can be done. */
  readonly explain?: (error: unknown) => unknown;
}

interface StoresOptions {
  /** Requests in flight at most. */
  readonly mostConcurrent: number;
  /** Writes a line of the log about a setting that the server does not take. */
  readonly warn: (line: object) => void;
}

/** The function’s three tables in a keyspace. */
export interface CassandraStores extends Stores {
  /** Connects, prepares the statements, and asks the nodes how large a batch may be. Throws as `Session.run` does. */
  connect(): Promise<void>;
}

/** Reaches the function’s three tables in a keyspace, on Cassandra or Amazon Keyspaces. */
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
  { mostConcurrent, warn }: StoresOptions,
): CassandraStores => {
  const { keyspace, consumerGroup } = config;
  const rowsOf = eventRows(layout);
  const ttl = rejectedTtl(config.rejectedTtlSeconds, warn);
  let limits = batchLimits(config);
  const pool = new BufferPool(mostConcurrent);
  const intoUserEvents = sendBatch(insertUserEvent(keyspace, layout), config, pool);
  const intoRejectedEvents = sendBatch(insertRejectedEvent(keyspace), config, pool);
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

  const learnsLimits =
    !isKeyspaces(config) && (config.batchPartitions === null || config.batchKibibytes === null);
  /** The client whose nodes were asked last. */
  let asked: Client | null = null;

  /** Asks the nodes of a new client how large a batch may be. Nobody waits: until they answer, batches are as large as before. */
  const learnLimits = async (): Promise<void> => {
    const { client } = session;
    if (!learnsLimits || client === null || client === asked) return;
    asked = client;
    const found = await readServerLimits(client);
    // A client that was replaced meanwhile answers for nodes that nobody writes to any more.
    if (client === asked) limits = batchLimits(config, found);
  };

  /** Cuts rows into requests of what the target allows. */
  const plan = <Given>(
    given: readonly Given[],
    rows: Rows,
    { what, send, explain = (error) => error }: RequestOptions,
  ): WriteRequest<Given>[] => {
    void learnLimits();
    const nodesOf = toNodesOf(session.client, keyspace, rows);
    return rowBatches(rows, limits, nodesOf).map((indexes) => {
      const batch = { rows, indexes };
      const [index = 0] = indexes;
      const contents = indexes.length === 1 ? () => rows.values(index) : undefined;
      return {
        rows: pick(given, indexes),
        write: () =>
          session
            .run(what, (client) => send(client, batch, nodesOf !== null), contents)
            .catch((error: unknown) => {
              throw explain(error);
            }),
      };
    });
  };

  return {
    async connect() {
      await session.connect();
      void learnLimits();
      await session.connect(statements(config, layout));
    },
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
    planUserEventWrites: (rows) =>
      plan(rows, rowsOf(rows), {
        what: 'writing rows of user_events',
        send: intoUserEvents,
        explain: (error) => withAlter(error, keyspace, layout.plan),
      }),
    planRejectedWrites(rows) {
      let seconds = ttl.seconds(Date.now());
      const encoded = rejectedRows(rows, Date.now(), seconds);
      return plan(rows, encoded, {
        what: 'writing rows of rejected_events',
        send: intoRejectedEvents,
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

/** The items at some indexes. */
const pick = <T>(all: readonly T[], indexes: NonEmptyArray<number>): NonEmptyArray<T> => {
  const picked: [T, ...T[]] = [all[indexes[0]] as T];
  for (let place = 1; place < indexes.length; place += 1)
    picked.push(all[indexes[place] as number] as T);
  return picked;
};

/** Names the nodes that have a row; null where all nodes have all rows, or nobody knows. */
const toNodesOf = (
  client: Client | null,
  keyspace: string,
  rows: Rows,
): ((index: number) => string) | null => {
  if (client === null || rows.count === 0) return null;
  const nameAt = (index: number): string | null =>
    replicasOf(client, keyspace, rows.routingKey(index));
  return nameAt(0) === null ? null : (index) => nameAt(index) ?? '';
};
