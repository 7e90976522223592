import { expectedOf as expectedByProject } from './expected.ts';
import type { GeneratedRecord, RejectedReason } from './generated-record.ts';
import { digest, type RowShape, standardRows } from './row.ts';

/**
 * What must be in the tables after the records, by the rules of docs/architecture.md: of their bytes, with nothing of
 * the function, and nothing of what the generator means them to be.
 */
export interface ExpectedTables {
  readonly counts: ExpectedCounts;
  /** What a row of user_events is. */
  readonly rows: RowShape;
  /** Row key → digest of what the row must hold. */
  readonly userEvents: ReadonlyMap<string, string>;
  /** `partition@offset` → reason and digest. */
  readonly rejected: ReadonlyMap<string, string>;
  readonly partitions: readonly ExpectedPartition[];
  /** Judges the next record of its partition. */
  add(record: Judged): RecordVerdict;
  /** Passes the next record of its partition, of which nothing is due: the on-failure destination has it. */
  skip(record: Judged): void;
  /** Forgets the rows, not where the partitions stand: after the tables were compared and emptied. */
  forgetRows(): void;
}

/** A record, without what it is meant to be. */
type Judged = Omit<GeneratedRecord, 'intent'>;

/** `future` is on time too. */
type RecordVerdict = 'on-time' | 'future' | RejectedReason;

interface ExpectedCounts {
  produced: number;
  /** Events on time, also those whose row another took. */
  onTime: number;
  future: number;
  /** Events on time that took another's row. */
  collisions: number;
  readonly rejected: Record<RejectedReason, number>;
}

interface ExpectedPartition {
  nextOffset: number;
  /** Milliseconds. */
  max: number | null;
}

const outOfOrderness = 120_000;
/** What is further ahead of its record than an event may be late moves nothing. */
const maxFuture = outOfOrderness;
const day = 86_400_000;

/** Tells which tables have no room for a record, whose event has so many entries of maps. */
type TooLargeFor = (record: Judged, entries: number) => 'nothing' | 'user_events' | 'both';

interface ExpectedTablesOptions {
  /** Nothing is too large, unless it is given. */
  readonly tooLargeFor?: TooLargeFor;
  /** What a row of user_events is; that of default settings, unless it is given. */
  readonly rows?: RowShape;
  /** What a value is by itself; by the project's schema, unless it is given. */
  readonly expectedOf?: typeof expectedByProject;
}

export const createExpectedTables = (
  partitions: number,
  options: ExpectedTablesOptions = {},
): ExpectedTables => {
  const {
    tooLargeFor = () => 'nothing',
    rows = standardRows,
    expectedOf = expectedByProject,
  } = options;
  const userEvents = new Map<string, string>();
  const rejected = new Map<string, string>();
  const standing = Array.from(
    { length: partitions },
    (): ExpectedPartition => ({ nextOffset: 0, max: null }),
  );
  const counts: ExpectedCounts = {
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

  const pass = ({ partition, offset }: Judged): ExpectedPartition => {
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
    rows,
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
      if (tooLargeFor(record, entriesOf(event)) !== 'nothing')
        return reject(record, 'refused', { eventTime, watermark: null });
      counts.onTime += 1;
      if (future) counts.future += 1;
      const before = userEvents.size;
      userEvents.set(rows.key(event), rows.digest(event));
      if (userEvents.size === before) counts.collisions += 1;
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

/** How many entries the maps of an event have together. */
export const entriesOf = (event: Readonly<Record<string, unknown>>): number =>
  Object.values(event).reduce<number>(
    (sum, value) => sum + (value instanceof Map ? value.size : 0),
    0,
  );

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
