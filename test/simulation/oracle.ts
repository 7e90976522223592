import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { type Plan, startTime } from './plan.ts';
import { maxFutureMs, outOfOrdernessMs, type StreamRecord } from './stream.ts';

/**
 * The oracle: says what must become of the records. It knows only the stream and the rules, and shares no code with the function.
 *
 * A record's verdict follows from one number, the largest event time before it. The oracle knows the true maximum: that of all
 * events of the partition before the record (by rule `batch`: up to the end of its batch), except events too far ahead. The
 * maximum that a delivery may use depends on its beginning:
 *
 * - It is exactly the true maximum if the delivery begins at the partition's first record, or directly after its checkpoint or one of
 *   the eight from which that one descends (lineage.ts). The verdict is then exactly the oracle's.
 * - Elsewhere it is at least the maximum of the delivery's own records, and never more than the true one. Then only truly late events
 *   are late, and some of them may be found on time.
 *
 * A schedule without zombies, rewinds, re-created topics, records given up and fast clocks has only deliveries of the first kind,
 * unless it goes further back than the eight (run.ts counts them). So its rows are exactly the oracle's. In other schedules this
 * holds for every record whose deliveries were all of the first kind.
 */
export interface Oracle {
  /** The fates of all records of all generations. */
  readonly fates: readonly Fate[];
  fateOf(record: KafkaRecord): Fate;
  /** Finds the record of a row's event; undefined if the row belongs to no record, or differs from it. */
  eventOf(event: UserEvent): Fate | undefined;
  /**
   * Notes that records were delivered together, and widens their possible fates.
   * @param foreign the maximum of a deleted topic that may judge them; −∞ for none.
   */
  delivered(fates: readonly Fate[], exact: boolean, foreign: number): void;
  /** Gives the true maximum before the record at `index`, least and most. They differ by events that only the clock finds ahead. */
  trueMax(generation: number, partition: number, index: number): Bounds;
  /** Tells why a rejected row may not exist; null if it may. */
  faultOf(fate: Fate, rejection: Rejection): 'wrong' | 'wrongly late' | null;
}

/** The bounds of a maximum, in milliseconds; −∞ for none. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** A record, with its possible fates after its deliveries so far. */
export interface Fate {
  readonly stream: StreamRecord;
  readonly name: string;
  readonly generation: number;
  readonly partition: number;
  /** The record's index in the partition, whatever its offset. */
  readonly index: number;
  /** The least maximum that its deliveries may have used. */
  least: number;
  most: number;
  /** Whether the on-failure destination has it. */
  givenUp: boolean;
}

export const mayBeOnTime = ({ stream: { content }, least }: Fate): boolean =>
  content.kind === 'event' && content.event.eventTime >= least - outOfOrdernessMs;

export const mayBeLate = ({ stream: { content }, most }: Fate): boolean =>
  content.kind === 'event' && content.event.eventTime < most - outOfOrdernessMs;

export const createOracle = ({ generations, settings }: Plan): Oracle => {
  const { latenessRule } = settings;
  const byRecord = new Map<KafkaRecord, Fate>();
  const byName = new Map<string, Fate>();
  const truths = generations.map((partitions) => partitions.map((records) => truthOf(records)));
  for (const [generation, partitions] of generations.entries())
    for (const [partition, records] of partitions.entries())
      for (const [index, stream] of records.entries()) {
        const name = `${generation}.${partition}.${stream.record.offset}`;
        const fate = {
          stream,
          name,
          generation,
          partition,
          index,
          least: Number.POSITIVE_INFINITY,
          most: Number.NEGATIVE_INFINITY,
          givenUp: false,
        };
        byRecord.set(stream.record, fate);
        byName.set(name, fate);
      }

  const truthAt = (generation: number, partition: number): Truth => {
    const truth = truths[generation]?.[partition];
    if (truth === undefined) throw new Error(`there is no events-${partition}`);
    return truth;
  };

  return {
    fates: [...byRecord.values()],
    fateOf(record) {
      const fate = byRecord.get(record);
      if (fate === undefined) throw new Error('the record is not of the stream');
      return fate;
    },
    eventOf(event) {
      const metadata = event.get('metadata') as ReadonlyMap<string, string>;
      const fate = byName.get(metadata.get('n') ?? '');
      return fate !== undefined && isAsSent(fate, event) ? fate : undefined;
    },
    delivered(fates, exact, foreign) {
      const [first] = fates;
      const last = fates.at(-1);
      if (first === undefined || last === undefined) return;
      const { least, most, raises } = truthAt(first.generation, first.partition);
      // The maximum of the delivery's own records, as if nothing had been known at its beginning.
      let seen = Number.NEGATIVE_INFINITY;
      const end = last.index + 1;
      if (latenessRule === 'batch')
        for (const { index } of fates) seen = Math.max(seen, raises[index] as number);
      for (const fate of fates) {
        const to = latenessRule === 'batch' ? end : fate.index;
        fate.least = Math.min(fate.least, exact ? (least[to] as number) : seen);
        fate.most = Math.max(fate.most, most[to] as number, foreign);
        if (latenessRule === 'running') seen = Math.max(seen, raises[fate.index] as number);
      }
    },
    trueMax(generation, partition, index) {
      const { least, most } = truthAt(generation, partition);
      return { least: least[index] as number, most: most[index] as number };
    },
    faultOf(fate, { reason, eventTime, watermark }) {
      const { stream, least, most } = fate;
      const { content, tooLarge } = stream;
      if (content.kind === 'broken') return reason === content.reason ? null : 'wrong';
      if (reason === 'refused') return tooLarge !== 'no' && mayBeOnTime(fate) ? null : 'wrong';
      if (reason !== 'late') return 'wrong';
      if (!mayBeLate(fate)) return 'wrongly late';
      const told =
        eventTime === content.event.eventTime &&
        watermark !== undefined &&
        watermark > eventTime &&
        watermark >= least - outOfOrdernessMs &&
        watermark <= most - outOfOrdernessMs;
      return told ? null : 'wrong';
    },
  };
};

interface Truth {
  /** The largest event times before each index, and after the last record, without the events that the clock finds ahead. */
  readonly least: readonly number[];
  readonly most: readonly number[];
  /** The maximum to which each record itself certainly raises it; −∞ for nothing. */
  readonly raises: readonly number[];
}

const truthOf = (records: readonly StreamRecord[]): Truth => {
  const least = [Number.NEGATIVE_INFINITY];
  const most = [Number.NEGATIVE_INFINITY];
  const raises: number[] = [];
  for (const [index, { content, record }] of records.entries()) {
    const time = content.kind === 'event' ? content.event.eventTime : Number.NEGATIVE_INFINITY;
    const ever = record.timestamp === -1 || time <= record.timestamp + maxFutureMs;
    // A timestamp ahead of the clock does not count until the clock has reached it.
    const atOnce = ever && time <= startTime + maxFutureMs;
    const raise = atOnce ? time : Number.NEGATIVE_INFINITY;
    raises.push(raise);
    least.push(Math.max(least[index] as number, raise));
    most.push(Math.max(most[index] as number, ever ? time : Number.NEGATIVE_INFINITY));
  }
  return { least, most, raises };
};

const isAsSent = ({ stream: { content } }: Fate, event: UserEvent): boolean => {
  if (content.kind !== 'event') return false;
  const sent = content.event;
  const entries = Object.entries(sent.metadata);
  const metadata = event.get('metadata') as ReadonlyMap<string, string>;
  return (
    event.get('user_id') === sent.userId &&
    event.get('event_type') === sent.eventType &&
    event.eventTime === sent.eventTime &&
    event.get('event_id') === sent.eventId &&
    metadata.size === entries.length &&
    entries.every(([key, value]) => metadata.get(key) === value)
  );
};
