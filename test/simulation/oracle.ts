import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { type Plan, startTime } from './plan.ts';
import { maxFutureMs, outOfOrdernessMs, type StreamRecord } from './stream.ts';

/**
 * What must become of the records: of the stream and the rules alone, in its own words and with no code of the function.
 *
 * A record's verdict follows from one number, the largest event time that was seen before it. The oracle knows the true
 * one: of all events of the partition below the record (by rule `batch`: up to the end of its batch), but for those that lie
 * too far ahead. What a delivery may take it for depends on where the delivery begins:
 *
 * - Exactly the true one, where it begins at the partition's first record, or where its checkpoint, or one of the eight that this one
 *   descends from, stands just before it (lineage.ts). The verdict is then the oracle's, to the letter.
 * - At least what it sees itself, from its own first record on, and never more than the true one, anywhere else: late is then only
 *   what truly is late, and some of that may be found on time.
 *
 * A schedule without zombies, rewinds, recreated topics, records given up and clocks that are ahead has deliveries of the first kind
 * alone, unless it goes further back than the eight (run.ts counts them). So its rows are exactly the oracle's. In the others this holds
 * of every record whose deliveries were all of the first kind.
 */
export interface Oracle {
  /** Of every record of every generation. */
  readonly fates: readonly Fate[];
  fateOf(record: KafkaRecord): Fate;
  /** The record that a row's event is of; undefined where the row is no record's, or not as it was sent. */
  eventOf(event: UserEvent): Fate | undefined;
  /**
   * Records were delivered together: all that may become of them.
   * @param foreign the maximum of another topic that they may be judged by; −∞ for none.
   */
  delivered(fates: readonly Fate[], exact: boolean, foreign: number): void;
  /** The true maximum before the record at `index`, least and most: they differ by events that are ahead by the clock alone. */
  trueMax(generation: number, partition: number, index: number): Bounds;
  /** Why a rejected row may not be; null where it may. */
  faultOf(fate: Fate, rejection: Rejection): 'wrong' | 'wrongly late' | null;
}

/** Milliseconds; −∞ is none. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** A record, and what may become of it after its deliveries so far. */
export interface Fate {
  readonly stream: StreamRecord;
  readonly name: string;
  readonly generation: number;
  readonly partition: number;
  /** Its place in the partition, whatever its offset. */
  readonly index: number;
  /** What its deliveries may have taken the maximum for. */
  least: number;
  most: number;
  /** The on-failure destination has it. */
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
      // As if nothing had been known where the delivery began.
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
  /** By index, and once more behind the last record: the largest event time before it, without and with those that are ahead by the clock. */
  readonly least: readonly number[];
  readonly most: readonly number[];
  /** What the record itself raises the maximum to, for certain; −∞ for nothing. */
  readonly raises: readonly number[];
}

const truthOf = (records: readonly StreamRecord[]): Truth => {
  const least = [Number.NEGATIVE_INFINITY];
  const most = [Number.NEGATIVE_INFINITY];
  const raises: number[] = [];
  for (const [index, { content, record }] of records.entries()) {
    const time = content.kind === 'event' ? content.event.eventTime : Number.NEGATIVE_INFINITY;
    const ever = record.timestamp === -1 || time <= record.timestamp + maxFutureMs;
    // A timestamp that is ahead of the clock counts for nothing until the clock has come so far.
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
