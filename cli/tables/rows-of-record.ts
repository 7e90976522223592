import { type Client, types } from 'cassandra-driver';
import {
  selectCheckpoint,
  toCheckpoint,
} from '../../functions/ingest/cassandra/rows/partition-watermarks.ts';
import { bucketDate, bucketHour } from '../../functions/ingest/event/bucket.ts';
import type { Column, EventPlan } from '../../functions/ingest/event/plan.ts';
import { toReadable } from '../../functions/ingest/event/readable-time.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import type { Checkpoint } from '../../functions/ingest/pipeline/checkpoint.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import type { RecordPlace } from '../record/record-place.ts';

const prepared = { prepare: true };

/** Reads the checkpoint of a record's partition; null where there is none. */
export const readCheckpoint = async (
  client: Client,
  { keyspace, consumerGroup }: Pick<Settings, 'keyspace' | 'consumerGroup'>,
  { topic, partition }: RecordPlace,
): Promise<Checkpoint | null> => {
  const key = [consumerGroup, topic, partition];
  const row = (await client.execute(selectCheckpoint(keyspace), key, prepared)).first();
  return row === null ? null : toCheckpoint(row);
};

/** Reads a record's row of `rejected_events`; null where there is none. */
export const readRejectedRow = async (
  client: Client,
  keyspace: string,
  { topic, partition, offset, timestamp }: KafkaRecord,
): Promise<types.Row | null> => {
  const query =
    `SELECT * FROM ${keyspace}.rejected_events ` +
    'WHERE topic = ? AND rejected_date = ? AND partition = ? AND "offset" = ?';
  const key = [topic, dateOf(toReadable(timestamp)), partition, types.Long.fromNumber(offset)];
  return (await client.execute(query, key, prepared)).first();
};

/** Reads the row of `user_events` that has an event's key; null where there is none. */
export const readUserEvent = async (
  client: Client,
  keyspace: string,
  plan: EventPlan,
  event: UserEvent,
): Promise<types.Row | null> => {
  const key = [...plan.partitionKey, ...plan.clusteringKey];
  const query =
    `SELECT ${plan.columns.map(({ name }) => `"${name}"`).join(', ')} FROM ${keyspace}.user_events ` +
    `WHERE ${key.map(({ name }) => `"${name}" = ?`).join(' AND ')}`;
  const values = key.map((column) => boundValue(column, event));
  return (await client.execute(query, values, prepared)).first();
};

/** Tells whether a row is that of an event, and not of another with the same key. */
export const isRowOf = (row: types.Row, event: UserEvent, { columns }: EventPlan): boolean =>
  columns.every((column) => text(row[column.name]) === text(boundValue(column, event)));

/** Gives the value of a column as the driver takes it. */
const boundValue = ({ source }: Column, event: UserEvent): unknown => {
  if (source === 'day') return dateOf(event.eventTime);
  if (source === 'hour') return bucketHour(event.eventTime);
  const value = event.get(source.name);
  if (source.kind === 'time' && typeof value === 'number') return new Date(value);
  return typeof value === 'bigint' ? types.Long.fromString(`${value}`) : value;
};

const dateOf = (time: number): types.LocalDate =>
  types.LocalDate.fromString(new Date(bucketDate(time) * 86_400_000).toISOString().slice(0, 10));

/** Writes a value as a text that equal values share. Cassandra does not tell an empty map from none. */
const text = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (value instanceof Date) return `${value.getTime()}`;
  if (!(value instanceof Map)) return String(value);
  return value.size === 0
    ? ''
    : JSON.stringify([...value].sort(([one], [other]) => (one < other ? -1 : 1)));
};
