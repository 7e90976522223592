import type { types } from 'cassandra-driver';
import type { Config } from '../config.ts';
import { at } from '../record.ts';
import type { Stores } from '../stores.ts';
import {
  checkpointKey,
  checkpointValues,
  insertCheckpoint,
  selectCheckpoint,
  toCheckpoint,
} from './partition-watermarks.ts';
import { insertRejectedEvent, rejectedEventValues } from './rejected-events.ts';
import type { Session } from './session.ts';
import { insertUserEvent, userEventValues } from './user-events.ts';

/** The three tables of a keyspace, on Cassandra or Amazon Keyspaces. */
export const cassandraStores = (
  session: Session,
  config: Pick<Config, 'keyspace' | 'consumerGroup' | 'bucket' | 'rejectedTtlSeconds'>,
): Stores => {
  const { keyspace, consumerGroup, bucket, rejectedTtlSeconds } = config;
  const intoUserEvents = insertUserEvent(keyspace, bucket);
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
    async writeUserEvent(event) {
      await execute(intoUserEvents, userEventValues(event, bucket), 'writing a row of user_events');
    },
    async writeRejected(record, rejection) {
      const values = rejectedEventValues(record, rejection, Date.now(), rejectedTtlSeconds);
      await execute(intoRejectedEvents, values, `rejecting ${at(record)}`);
    },
  };
};
