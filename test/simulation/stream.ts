import { earliestTime, latestTime } from '../../functions/ingest/event/readable-time.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { Random } from '../../local/dataset/random.ts';
import { encode } from '../support/avro.ts';
import { record } from '../support/records.ts';

/** A record with its own properties, which is all that the oracle knows. */
export interface StreamRecord {
  readonly record: KafkaRecord;
  readonly content: Content;
  /** Whether the database refuses the event's row as too large, or its rejected row too. */
  readonly tooLarge: 'no' | 'row' | 'everywhere';
}

type Content =
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'broken'; readonly reason: 'tombstone' | 'undecodable' | 'invalid_uuid' };

interface StreamEvent {
  readonly userId: string;
  readonly eventType: string;
  readonly eventTime: number;
  readonly eventId: string;
  /** The metadata. Its entry `n` is the record's name, which no other record has. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface StreamOptions {
  /** The generation of the topic, which counts its re-creations. */
  readonly generation: number;
  readonly partition: number;
  readonly records: number;
  /** The approximate time of the first event, in milliseconds. */
  readonly begins: number;
  /** Whether some records can be neither written nor rejected. */
  readonly unrejectable: boolean;
  /** The time of a broken clock, which some records have as event time and timestamp; null for none. */
  readonly aheadAt: number | null;
}

/**
 * The settings for which the streams are made, in milliseconds. Unlike the defaults, they let events be further ahead than behind, to
 * test the effect on later events too.
 */
export const outOfOrdernessMs = 10_000;
export const maxFutureMs = 300_000;
export const eventTimes = { earliestEventTime: earliestTime, latestEventTime: latestTime };

/** The greatest length of a stream, in milliseconds. */
export const longestStream = 5_000_000;

/** The approximate time of the first event, in milliseconds. */
export const firstTime = 1_790_000_000_000;

/** Formats a time for people, in seconds after about the first event. */
export const asTime = (time: number | null): string =>
  time === null ? 'none' : `${(time - firstTime) / 1_000} s`;

/** Makes the records of a partition in offset order: on time, at the bound, late, future, broken, colliding, with gaps. */
export const createStream = (random: Random, options: StreamOptions): StreamRecord[] => {
  const { generation, partition, records, begins, unrejectable, aheadAt } = options;
  const onTime: StreamEvent[] = [];
  let offset = 0;
  let time = begins;
  let max = Number.NEGATIVE_INFINITY;

  return Array.from({ length: records }, (_, index): StreamRecord => {
    if (index > 0) offset += random.chance(1_000) ? random.between(2, 4) : 1;
    time += random.chance(700) ? random.between(12_000, 40_000) : random.between(0, 3_000);
    const ahead = aheadAt !== null && random.chance(800);
    const timestamp = ahead ? aheadAt + 3_600_000 : random.chance(200) ? -1 : time;
    const base = record({ topic: 'events', partition, offset, timestamp });
    const name = `${generation}.${partition}.${offset}`;

    const broken = random.between(0, 99);
    if (broken < 3)
      return {
        record: { ...base, value: null },
        content: { kind: 'broken', reason: 'tombstone' },
        tooLarge: 'no',
      };
    if (broken < 6)
      return {
        record: { ...base, value: Buffer.from(`not Avro: ${name}`) },
        content: { kind: 'broken', reason: 'undecodable' },
        tooLarge: unrejectable && random.chance(3_000) ? 'everywhere' : 'no',
      };

    const tooLarge = random.chance(300)
      ? 'row'
      : unrejectable && random.chance(500)
        ? 'everywhere'
        : 'no';
    const fresh: StreamEvent = {
      userId: `abcdef00-0000-4000-8000-0000000${partition}000${random.between(1, 3)}`,
      eventType: random.oneOf(['click', 'scroll']),
      eventTime: ahead
        ? aheadAt + maxFutureMs + random.between(1, 30_000)
        : eventTime(random, time, max, timestamp),
      eventId: `22222222-2222-4222-8222-${generation}${partition}${String(offset).padStart(10, '0')}`,
      metadata: { n: name, [`only${offset}`]: 'x' },
    };
    const like = onTime[onTime.length - random.between(1, 4)];
    const event =
      like !== undefined && !ahead && random.chance(2_000)
        ? { ...collision(random, like), metadata: fresh.metadata }
        : fresh;
    // This maximum only aims the next events; the oracle computes its own.
    if (event.eventTime <= time + maxFutureMs) max = Math.max(max, event.eventTime);
    if (event.eventTime >= max - outOfOrdernessMs) onTime.push(event);
    const invalid = broken < 8;
    const encoded = {
      user_id: invalid ? 'nobody' : event.userId,
      event_type: event.eventType,
      event_time: event.eventTime,
      event_id: event.eventId,
      metadata: event.metadata,
    };
    return {
      record: { ...base, value: encode(encoded) },
      content: invalid ? { kind: 'broken', reason: 'invalid_uuid' } : { kind: 'event', event },
      tooLarge: invalid && tooLarge === 'row' ? 'no' : tooLarge,
    };
  });
};

const eventTime = (random: Random, time: number, max: number, timestamp: number): number => {
  const kind = random.between(0, 999);
  if (max > 0) {
    if (kind < 60) return max - outOfOrdernessMs;
    if (kind < 100) return max - outOfOrdernessMs - 1;
    if (kind < 180) return max - outOfOrdernessMs - random.between(1, 60_000);
  }
  if (timestamp !== -1) {
    if (kind < 220) return timestamp + maxFutureMs + random.between(1, 2);
    // The furthest time that still moves the maximum; the next events are late.
    if (kind < 223) return timestamp + maxFutureMs;
  }
  return time - random.between(0, outOfOrdernessMs);
};

/** Makes another event of the same row, or the same event once more. */
const collision = (random: Random, like: StreamEvent): StreamEvent =>
  random.chance(5_000) ? like : { ...like, eventId: like.eventId.replace('4222', '4333') };
