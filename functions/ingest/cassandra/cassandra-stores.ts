import type { types } from 'cassandra-driver';
import type { Config } from '../config.ts';
import { at } from '../record.ts';
import type { Stores } from '../stores.ts';
import type { Several } from '../units.ts';
import { isKeyspaces } from './client-options.ts';
import { EventRow } from './event-row.ts';
import {
  checkpointKey,
  checkpointValues,
  insertCheckpoint,
  selectCheckpoint,
  toCheckpoint,
} from './partition-watermarks.ts';
import { insertRejectedEvent, rejectedEventValues } from './rejected-events.ts';
import { cassandraLimits, keyspacesLimits, rowBatches } from './row-batches.ts';
import type { Session } from './session.ts';
import { writeBatch } from './write-batch.ts';

/** The three tables of a keyspace, on Cassandra or Amazon Keyspaces. */
export const cassandraStores = (
  session: Session,
  config: Pick<
    Config,
    'contactPoints' | 'keyspace' | 'consumerGroup' | 'bucket' | 'batches' | 'rejectedTtlSeconds'
  >,
): Stores => {
  const { keyspace, consumerGroup, bucket, rejectedTtlSeconds } = config;
  const limits = isKeyspaces(config) ? keyspacesLimits : cassandraLimits;
  const intoUserEvents = writeBatch(config);
  const intoRejectedEvents = insertRejectedEvent(keyspace);
  const intoCheckpoints = insertCheckpoint(keyspace);
  const fromCheckpoints = selectCheckpoint(keyspace);

  const execute = (
    query: string,
    values: (Buffer | null)[],
    what: string,
  ): Promise<types.ResultSet> => session.run(what, (client) => client.execute(query, values));

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
    userEventWrites(rows) {
      const items = rows.map((given) => {
        const { event } = given;
        const row = new EventRow(event, bucket);
        return { given, event, row, stored: row.stored };
      });
      return rowBatches(items, bucket, limits).map((batch) => ({
        rows: batch.map(({ given }) => given) as unknown as Several<(typeof rows)[number]>,
        async write() {
          await session.run('writing rows of user_events', (client) =>
            intoUserEvents(client, batch),
          );
        },
      }));
    },
    async writeRejected(record, rejection) {
      const values = rejectedEventValues(record, rejection, Date.now(), rejectedTtlSeconds);
      await execute(intoRejectedEvents, values, `rejecting ${at(record)}`);
    },
  };
};
