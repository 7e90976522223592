import { hash } from 'node:crypto';
import { expectedOf } from './expected.ts';
import type { EncodedEvent, GeneratedRecord, RejectedReason } from './generated-record.ts';

/**
 * What must be in the tables after the records, by the rules of docs/architecture.md: of their bytes, with nothing of
 * the function, and nothing of what the generator means them to be.
 */
export interface Truth {
  readonly counts: TruthCounts;
  /** Row key → digest of what the row must hold. */
  readonly userEvents: ReadonlyMap<string, string>;
  /** `partition@offset` → reason and digest. */
  readonly rejected: ReadonlyMap<string, string>;
  readonly partitions: readonly PartitionTruth[];
  /** Judges the next record of its partition. */
  add(record: Judged): Verdict;
  /** Passes the next record of its partition, of which nothing is due: the on-failure destination has it. */
  skip(record: Judged): void;
  /** Forgets the rows, not where the partitions stand: after the tables were compared and emptied. */
  forgetRows(): void;
}

/** A record, without what it is meant to be. */
type Judged = Omit<GeneratedRecord, 'intent'>;

/** `future` is on time too. */
type Verdict = 'on-time' | 'future' | RejectedReason;

interface TruthCounts {
  produced: number;
  /** Events on time, also those whose row another took. */
  onTime: number;
  future: number;
  /** Events on time that took another's row. */
  collisions: number;
  readonly rejected: Record<RejectedReason, number>;
}

interface PartitionTruth {
  nextOffset: number;
  /** Milliseconds. */
  max: number | null;
}

const outOfOrderness = 120_000;
/** What is further ahead of its record than an event may be late moves nothing. */
const maxFuture = outOfOrderness;
const day = 86_400_000;

/** Which tables have no room for a record; its event has so many metadata entries. */
type TooLargeFor = (record: Judged, metadataEntries: number) => 'nothing' | 'user_events' | 'both';

/** @param tooLargeFor nothing is, unless it is given. */
export const createTruth = (
  partitions: number,
  tooLargeFor: TooLargeFor = () => 'nothing',
): Truth => {
  const userEvents = new Map<string, string>();
  const rejected = new Map<string, string>();
  const standing = Array.from(
    { length: partitions },
    (): PartitionTruth => ({ nextOffset: 0, max: null }),
  );
  const counts: TruthCounts = {
    produced: 0,
    onTime: 0,
    future: 0,
    collisions: 0,
    rejected: {
      late: 0,
      tombstone: 0,
      undecodable: 0,
      invalid_uuid: 0,
      invalid_event_type: 0,
      invalid_event_time: 0,
      invalid_metadata: 0,
      refused: 0,
    },
  };

  const pass = ({ partition, offset }: Judged): PartitionTruth => {
    const here = standing[partition];
    if (here === undefined || offset !== here.nextOffset)
      throw new Error(`record ${partition}@${offset} is not the next of its partition`);
    here.nextOffset += 1;
    counts.produced += 1;
    return here;
  };

  const reject = (record: Judged, reason: RejectedReason, late: Late | null): RejectedReason => {
    counts.rejected[reason] += 1;
    const { partition, offset, timestamp, key, value, headers } = record;
    const kept = { reason, timestamp, key, value, headers, late };
    rejected.set(`${partition}@${offset}`, rejectedDigest(kept));
    return reason;
  };

  return {
    counts,
    userEvents,
    rejected,
    partitions: standing,
    add(record) {
      const here = pass(record);
      const expected = expectedOf(record.value);
      if ('reason' in expected) return reject(record, expected.reason, null);
      const { event } = expected;
      const eventTime = event.event_time;
      if (here.max !== null && eventTime < here.max - outOfOrderness)
        return reject(record, 'late', { eventTime, watermark: here.max - outOfOrderness });
      // Timestamps of generated records never lie ahead of the clock.
      const future = eventTime > record.timestamp + maxFuture;
      if (!future) here.max = Math.max(here.max ?? eventTime, eventTime);
      // An event that has no room was on time all the same: it is later ones' maximum.
      if (tooLargeFor(record, event.metadata.size) !== 'nothing')
        return reject(record, 'refused', { eventTime, watermark: null });
      counts.onTime += 1;
      if (future) counts.future += 1;
      const key = userEventKey(event);
      const rows = userEvents.size;
      userEvents.set(key, userEventDigest(event.event_id, [...event.metadata]));
      if (userEvents.size === rows) counts.collisions += 1;
      return future ? 'future' : 'on-time';
    },
    skip: (record) => void pass(record),
    forgetRows() {
      userEvents.clear();
      rejected.clear();
    },
  };
};

/** What a late record's row says besides. Milliseconds. */
export interface Late {
  readonly eventTime: number | null;
  readonly watermark: number | null;
}

/** The primary key of a row of user_events, readable. */
export const userEventKey = ({
  user_id,
  event_time,
  event_type,
}: Pick<EncodedEvent, 'user_id' | 'event_time' | 'event_type'>): string =>
  `${user_id.toLowerCase()} ${Math.floor(event_time / day)} ${event_time} ${event_type}`;

/** Twelve characters are 72 bits: two rows alike by chance are not to be expected. */
const digest = (content: unknown): string =>
  hash('sha1', JSON.stringify(content), 'base64').slice(0, 12);

export const userEventDigest = (
  eventId: string,
  metadata: readonly (readonly [string, string])[],
): string => digest([eventId.toLowerCase(), metadata.toSorted(([a], [b]) => (a < b ? -1 : 1))]);

export const rejectedDigest = ({
  reason,
  timestamp,
  key,
  value,
  headers,
  late,
}: Pick<GeneratedRecord, 'timestamp' | 'key' | 'value' | 'headers'> & {
  readonly reason: string;
  readonly late: Late | null;
}): string => {
  const text = (bytes: Buffer | null) => bytes?.toString('base64') ?? null;
  const day0 = Math.floor(timestamp / day);
  const list = headers.map(([name, bytes]) => [name, text(bytes)]);
  return `${reason} ${digest([timestamp, day0, text(key), text(value), list, late?.eventTime, late?.watermark])}`;
};
