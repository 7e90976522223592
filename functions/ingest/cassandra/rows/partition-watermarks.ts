import type { types } from 'cassandra-driver';
import type { Checkpoint } from '../../pipeline/checkpoint.ts';
import type { TopicPartition } from '../../pipeline/kafka-record.ts';
import { bigint, int, map, text, timestamp } from './cql.ts';

export const selectCheckpoint = (keyspace: string): string =>
  `SELECT next_offset, max_event_time, earlier FROM ${keyspace}.partition_watermarks ` +
  'WHERE consumer_group = ? AND topic = ? AND partition = ?';

export const insertCheckpoint = (keyspace: string): string =>
  `INSERT INTO ${keyspace}.partition_watermarks (consumer_group, topic, partition, next_offset, max_event_time, ` +
  'earlier, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)';

export const checkpointKey = (group: string, { topic, partition }: TopicPartition): Buffer[] => [
  text(group),
  text(topic),
  int(partition),
];

/** @param now milliseconds. */
export const checkpointValues = (
  group: string,
  partition: TopicPartition,
  { nextOffset, maxEventTime, earlier }: Checkpoint,
  now: number,
): (Buffer | null)[] => [
  ...checkpointKey(group, partition),
  bigint(nextOffset),
  maxEventTime === null ? null : timestamp(maxEventTime),
  map(new Map([...earlier].map(([offset, max]) => [bigint(offset), timestamp(max)]))),
  timestamp(now),
];

/** A row as the driver reads it: bigints as Long, times as Date, the map as an object keyed by offset. */
export const toCheckpoint = (row: types.Row): Checkpoint => {
  const maxEventTime = row['max_event_time'] as Date | null;
  const earlier = Object.entries((row['earlier'] ?? {}) as Record<string, Date>);
  return {
    nextOffset: (row['next_offset'] as types.Long).toNumber(),
    maxEventTime: maxEventTime?.getTime() ?? null,
    earlier: new Map(
      earlier
        .map(([offset, max]): [number, number] => [Number(offset), max.getTime()])
        .sort(([a], [b]) => a - b),
    ),
  };
};
