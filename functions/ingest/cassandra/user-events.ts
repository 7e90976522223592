import { bucketDate, bucketHour } from '../bucket.ts';
import type { Bucket } from '../config.ts';
import type { UserEvent } from '../user-event.ts';
import { date, map, text, timestamp, tinyint, uuid } from './cql.ts';

export const insertUserEvent = (keyspace: string, bucket: Bucket): string =>
  bucket === 'day'
    ? `INSERT INTO ${keyspace}.user_events (user_id, bucket_date, event_time, event_type, event_id, metadata) ` +
      'VALUES (?, ?, ?, ?, ?, ?)'
    : `INSERT INTO ${keyspace}.user_events (user_id, bucket_date, bucket_hour, event_time, event_type, event_id, ` +
      'metadata) VALUES (?, ?, ?, ?, ?, ?, ?)';

export const userEventValues = (event: UserEvent, bucket: Bucket): Buffer[] => [
  uuid(event.userId),
  date(bucketDate(event.eventTime)),
  ...(bucket === 'hour' ? [tinyint(bucketHour(event.eventTime))] : []),
  timestamp(event.eventTime),
  text(event.eventType),
  uuid(event.eventId),
  // An empty map is written too: it clears the entries of a row of the same key.
  map(event.metadata),
];
