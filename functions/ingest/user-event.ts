import type { PackedEvent } from './packed-event.ts';
import { earliestTime, latestTime } from './readable-time.ts';
import type { Rejection } from './rejection.ts';

/** One user action on the website, valid: what becomes a row of `user_events`. */
export interface UserEvent {
  /** A uuid in lower case. */
  readonly userId: string;
  /** 1 to 800 bytes of UTF-8. */
  readonly eventType: string;
  /** Milliseconds since the epoch; may be negative. */
  readonly eventTime: number;
  /** A uuid in lower case. */
  readonly eventId: string;
  /** At most 65,535 entries. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Where whoever read it has its texts as bytes. */
  readonly packed?: PackedEvent;
}

/** The fields of an Avro `UserEvent` as they were decoded, not yet checked. */
export interface UserEventFields {
  readonly user_id: string;
  readonly event_type: string;
  readonly event_time: number;
  readonly event_id: string;
  readonly metadata: ReadonlyMap<string, string>;
}

// RFC 9562 §4: 8-4-4-4-12 hexadecimal digits; upper case is accepted on input.
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Bytes of UTF-8. All clustering columns of an Amazon Keyspaces row together may have 850 bytes
 * (its page "Quotas"); event_time and event_id take 24 of them.
 */
export const longestEventType = 800;

/**
 * Entries. Each is a cell of the row: for one with hundreds of thousands Cassandra needs longer than a request may take,
 * so that it would fail until the time is up, and all of its partition behind it. A collection had no more than these in
 * Cassandra's protocol before version 3.
 */
const mostMetadata = 65_535;

/** Checks what the schema cannot say. Messages tell the size of a wrong value, never the value. */
export const toUserEvent = (fields: UserEventFields): UserEvent | Rejection => {
  const { user_id, event_type, event_time, event_id, metadata } = fields;
  if (!uuid.test(user_id)) return notAUuid('user_id', user_id);
  if (event_type === '') return { reason: 'invalid_event_type', detail: 'event_type is empty' };
  const bytes = Buffer.byteLength(event_type);
  if (bytes > longestEventType)
    return {
      reason: 'invalid_event_type',
      detail: `event_type must have at most ${longestEventType} bytes of UTF-8 (has ${bytes})`,
    };
  const untimely = outOfRange(event_time, earliestTime, latestTime);
  if (untimely !== null) return untimely;
  if (!uuid.test(event_id)) return notAUuid('event_id', event_id);
  if (metadata.size > mostMetadata)
    return {
      reason: 'invalid_metadata',
      detail: `metadata must have at most ${mostMetadata} entries (has ${metadata.size})`,
    };
  return {
    userId: user_id.toLowerCase(),
    eventType: event_type,
    eventTime: event_time,
    eventId: event_id.toLowerCase(),
    metadata,
  };
};

/** A time that is out of range may have been counted in another unit: how many milliseconds that has, and what to do. */
const otherUnits: readonly (readonly [milliseconds: number, what: string])[] = [
  [1e3, 'seconds: the producer must send milliseconds'],
  [
    1e-3,
    'microseconds: the field needs the logical type timestamp-micros, or the producer must send milliseconds',
  ],
  [
    1e-6,
    'nanoseconds: the field needs the logical type timestamp-nanos, or the producer must send milliseconds',
  ],
];
const plausible = [Date.UTC(2000, 0), Date.UTC(2100, 0)] as const;

/**
 * Why an event time is not valid, or null. The bounds are absolute, so that a record that comes again has the same verdict. The sentence
 * has the unit that the time may be counted in, and not the time.
 */
export const outOfRange = (
  eventTime: number,
  earliest: number,
  latest: number,
): Rejection | null => {
  // Written so that NaN is out of range, and bounds that are not set are none.
  if (!(eventTime < earliest || eventTime > latest || Number.isNaN(eventTime))) return null;
  const unit = otherUnits.find(
    ([milliseconds]) =>
      eventTime * milliseconds >= plausible[0] && eventTime * milliseconds < plausible[1],
  );
  const hint = unit === undefined ? '' : `; it may count ${unit[1]}`;
  const range = [earliest, latest].map((time) => new Date(time).toISOString());
  return {
    reason: 'invalid_event_time',
    detail: `event_time must be from ${range.join(' to ')}${hint}`,
  };
};

const notAUuid = (field: string, text: string): Rejection => ({
  reason: 'invalid_uuid',
  detail: `${field} must be a uuid, 8-4-4-4-12 hexadecimal digits (has ${text.length} characters)`,
});
