import { bucketDate } from '../../event/bucket.ts';
import { isReadable, toReadable } from '../../event/readable-time.ts';
import type { Rejection } from '../../event/rejection.ts';
import type { KafkaRecord } from '../../pipeline/kafka-record.ts';
import { bigint, date, int, list, text, timestamp, tuple } from './cql.ts';

export const insertRejectedEvent = (keyspace: string): string =>
  `INSERT INTO ${keyspace}.rejected_events (topic, rejected_date, partition, "offset", reason, detail, event_time, ` +
  'watermark, record_timestamp, key, value, headers, rejected_at) ' +
  'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?';

/**
 * The day is that of the record's own timestamp, so that a redelivery finds the same row. A timestamp may be any 64 bits in Kafka: one that
 * not every driver reads is told in the detail, and its row has the first or the last day that all read.
 * @param now milliseconds.
 * @param ttlSeconds 0 keeps the row for ever.
 */
export const rejectedEventValues = (
  record: KafkaRecord,
  { reason, detail, eventTime, watermark }: Rejection,
  now: number,
  ttlSeconds: number,
): (Buffer | null)[] => [
  text(record.topic),
  date(bucketDate(toReadable(record.timestamp))),
  int(record.partition),
  bigint(record.offset),
  text(reason),
  text(isReadable(record.timestamp) ? detail : `${detail}; ${unreadable(record.timestamp)}`),
  eventTime === undefined ? null : timestamp(eventTime),
  watermark === undefined ? null : timestamp(watermark),
  isReadable(record.timestamp) ? timestamp(record.timestamp) : null,
  record.key,
  record.value,
  list(record.headers.map(({ name, value }) => tuple([name, value]))),
  timestamp(now),
  int(ttlSeconds),
];

const unreadable = (time: number): string =>
  `the record’s timestamp, ${time} ms, is outside the years 1 to 9999`;
