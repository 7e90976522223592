import { expectedOf as expectedByProject } from '../../cli/verify/rules/expected.ts';
import { digest, type RowShape, standardRows } from '../../cli/verify/rules/row.ts';
import type { GeneratedRecord, RejectedReason } from './generated-record.ts';

/**
 * The expected contents of the tables after some records, by the rules of docs/architecture.md. They follow from the records'
 * bytes: neither code of the function nor the generator's intents are used.
 */
export interface ExpectedTables {
  readonly counts: ExpectedCounts;
  /** The shape of a row of user_events. */
  readonly rows: RowShape;
  /** The digest of each expected row, by row key. */
  readonly userEvents: ReadonlyMap<string, string>;
  /** The reason and digest of each expected row, by `partition@offset`. */
  readonly rejected: ReadonlyMap<string, string>;
  readonly partitions: readonly ExpectedPartition[];
  /** Judges the next record of its partition. */
  add(record: Judged): RecordVerdict;
  /** Skips the next record of its partition: no row is expected, because the on-failure destination has the record. */
  skip(record: Judged): void;
  /** Passes offsets of a partition that have no records, as transactions leave them. */
  passTo(partition: number, offset: number): void;
  /** Takes a record of others: its time counts for the records after it, and its rows are not compared. */
  other(record: OthersRecord): void;
  /** Leaves the rows of a record of others out, which may be there or not yet. */
  leaveOut(record: OthersRecord): void;
  /** The keys of the rows that are not compared. */
  readonly others: {
    readonly userEvents: ReadonlySet<string>;
    readonly rejected: ReadonlySet<string>;
  };
  /** Forgets the rows, but not the partitions' positions. Called when the tables have been compared and emptied. */
  forgetRows(): void;
}

/** A record that the generator has not made. */
export interface OthersRecord extends Pick<GeneratedRecord, 'partition' | 'offset' | 'timestamp'> {
  /** The key of the event's row, and the event's time in milliseconds; null where the record is no event. */
  readonly event: { readonly key: string; readonly eventTime: number } | null;
}

/** A record without the generator's intent. */
type Judged = Omit<GeneratedRecord, 'intent'>;

/** The expected result for a record; a `future` event is on time too. */
type RecordVerdict = 'on-time' | 'future' | RejectedReason;

interface ExpectedCounts {
  produced: number;
  /** Records of others. */
  others: number;
  /** Events on time, including those whose row a later event took. */
  onTime: number;
  future: number;
  /** Events on time that took the row of an earlier event. */
  collisions: number;
  readonly rejected: Record<RejectedReason, number>;
}

interface ExpectedPartition {
  nextOffset: number;
  /** The largest event time so far, in milliseconds. */
  max: number | null;
}

const outOfOrderness = 120_000;
/** The most milliseconds by which an event may lead its record's timestamp and still move the maximum. */
const maxFuture = outOfOrderness;
const day = 86_400_000;

/** Decides which tables have no room for a record, given the number of its map entries. */
type TooLargeFor = (record: Judged, entries: number) => 'nothing' | 'user_events' | 'both';

interface ExpectedTablesOptions {
  /** Decides which records are too large; by default none is. */
  readonly tooLargeFor?: TooLargeFor;
  /** The shape of a row of user_events; by default the shape under default settings. */
  readonly rows?: RowShape;
  /** True where late events may be written after all, so that their rows are not compared. Default false. */
  readonly redrives?: boolean;
  /** Reads and validates a value; by default with the project's schema. */
  readonly expectedOf?: typeof expectedByProject;
}

export const createExpectedTables = (
  partitions: number,
  options: ExpectedTablesOptions = {},
): ExpectedTables => {
  const {
    tooLargeFor = () => 'nothing',
    rows = standardRows,
    redrives = false,
    expectedOf = expectedByProject,
  } = options;
  const userEvents = new Map<string, string>();
  const rejected = new Map<string, string>();
  const others = { userEvents: new Set<string>(), rejected: new Set<string>() };
  const standing = Array.from(
    { length: partitions },
    (): ExpectedPartition => ({ nextOffset: 0, max: null }),
  );
  const counts: ExpectedCounts = {
    produced: 0,
    others: 0,
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

  const next = ({ partition, offset }: Pick<Judged, 'partition' | 'offset'>): ExpectedPartition => {
    const here = standing[partition];
    if (here === undefined || offset !== here.nextOffset)
      throw new Error(`record ${partition}@${offset} is not the next of its partition`);
    here.nextOffset += 1;
    return here;
  };
  const pass = (record: Judged): ExpectedPartition => {
    const here = next(record);
    counts.produced += 1;
    return here;
  };
  const leaveOut = ({ partition, offset, event }: OthersRecord): void => {
    others.rejected.add(`${partition}@${offset}`);
    if (event !== null) others.userEvents.add(event.key);
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
      if (here.max !== null && eventTime < here.max - outOfOrderness) {
        const late = rows.key(event);
        if (redrives && !userEvents.has(late)) others.userEvents.add(late);
        return reject(record, 'late', { eventTime, watermark: here.max - outOfOrderness });
      }
      // Timestamps of generated records never lie ahead of the clock.
      const future = eventTime > record.timestamp + maxFuture;
      if (!future) here.max = Math.max(here.max ?? eventTime, eventTime);
      // An event without room was on time all the same, so that it moves the maximum of later events.
      if (tooLargeFor(record, entriesOf(event)) !== 'nothing')
        return reject(record, 'refused', { eventTime, watermark: null });
      counts.onTime += 1;
      if (future) counts.future += 1;
      const before = userEvents.size;
      const key = rows.key(event);
      userEvents.set(key, rows.digest(event));
      // The row that others had written is overwritten.
      others.userEvents.delete(key);
      if (userEvents.size === before) counts.collisions += 1;
      return future ? 'future' : 'on-time';
    },
    skip: (record) => void pass(record),
    passTo(partition, offset) {
      const here = standing[partition];
      if (here !== undefined) here.nextOffset = Math.max(here.nextOffset, offset);
    },
    other(record) {
      const here = next(record);
      counts.others += 1;
      leaveOut(record);
      if (record.event === null) return;
      const { eventTime } = record.event;
      const late = here.max !== null && eventTime < here.max - outOfOrderness;
      const future = eventTime > record.timestamp + maxFuture;
      if (!late && !future) here.max = Math.max(here.max ?? eventTime, eventTime);
    },
    leaveOut,
    others,
    forgetRows() {
      userEvents.clear();
      rejected.clear();
      others.userEvents.clear();
      others.rejected.clear();
    },
  };
};

/** The event time and watermark in the row of a late record, in milliseconds. */
export interface Late {
  readonly eventTime: number | null;
  readonly watermark: number | null;
}

/** Counts the entries of all maps of an event. */
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
