import type { types } from 'cassandra-driver';
import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { configuredDecoder } from '../../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import type { SchemaId } from '../../functions/ingest/pipeline/decoder.ts';
import { eventPlan } from '../../schema/event-plan.ts';
import { offsetsOrEnds } from '../kafka/offsets-of-time.ts';
import { type OffsetRange, openRecordsAt } from '../kafka/records-at.ts';
import type { Extent } from '../kafka/topic-extents.ts';
import { decodeFetching } from '../record/decode-fetching.ts';
import { isRowOf } from '../tables/rows-of-record.ts';
import type { Target } from '../target/target.ts';
import { type Interval, windowsOf } from './windows.ts';

/** The offsets of a partition that are read at once. */
const atOnce = 1_000n;

/** What was found of rows in a topic. */
export interface Located {
  /** The records of a row: `topic/partition/offset`, in the order in which they were found. */
  readonly places: ReadonlyMap<types.Row, readonly string[]>;
  /** The offsets that were read. */
  readonly read: number;
  /** The offsets that may have more of the rows, and were not read. */
  readonly unread: number;
}

interface LocateOptions {
  readonly topic: string;
  /** The most offsets that are read. */
  readonly most: number;
  readonly signal: AbortSignal;
  readonly onRead: (now: Pick<Located, 'read'> & { readonly found: number }) => void;
}

/**
 * Finds the records that rows were written of. A row does not say where its record is: the topic is read around the event's time, as the
 * function would read it, and a record is that of a row where every column is equal.
 */
export const locate = async (
  target: Target,
  rows: readonly types.Row[],
  { topic, most, signal, onRead }: LocateOptions,
): Promise<Located> => {
  const connection = await target.kafka();
  await using records = await openRecordsAt(connection, topic);
  const places = new Map<types.Row, string[]>();
  const matches = matcherOf(target, rows, places);
  let read = 0;
  let unread = 0;
  for (const interval of windowsOf(rows)) {
    const ranges = await rangesOf(connection, topic, records.extents, interval);
    const isFound = (): boolean => interval.rows.every((row) => places.has(row));
    while (!isFound() && read < most) {
      const part = nextPart(ranges, BigInt(most - read));
      if (part.length === 0) break;
      for (const range of part) {
        for await (const part of records.range(range, signal))
          if (part.kind === 'record') await matches(part.record);
        read += Number(range.to - range.from);
        onRead({ read, found: places.size });
      }
    }
    if (!isFound()) for (const { from, to } of ranges) unread += Number(to - from);
  }
  return { places, read, unread };
};

const rangesOf = async (
  connection: KafkaConnection,
  topic: string,
  extents: ReadonlyMap<number, Extent>,
  { from, to }: Interval,
): Promise<Rest[]> => {
  const begins = await offsetsOrEnds(connection, topic, extents, from);
  const ends = await offsetsOrEnds(connection, topic, extents, to + 1);
  return [...begins].map(([partition, begin]) => ({
    partition,
    from: begin,
    to: ends.get(partition) ?? begin,
  }));
};

/** A range of offsets that shrinks while it is read. */
type Rest = OffsetRange & { from: bigint };

/** Takes the next offsets of each partition from the ranges, no more than so many altogether. */
const nextPart = (ranges: readonly Rest[], most: bigint): OffsetRange[] => {
  const part: OffsetRange[] = [];
  let left = most;
  for (const range of ranges) {
    const { partition, from, to } = range;
    const size = [to - from, atOnce, left].reduce((one, other) => (one < other ? one : other));
    if (size <= 0n) continue;
    part.push({ partition, from, to: from + size });
    range.from += size;
    left -= size;
  }
  return part;
};

/** Makes a function that notes the place of a record whose event one of the rows has. */
const matcherOf = (
  { settings }: Target,
  rows: readonly types.Row[],
  places: Map<types.Row, string[]>,
) => {
  const plan = eventPlan(settings);
  const decoder = configuredDecoder(settings, new EventLayout(plan));
  const failures = new Map<SchemaId, string>();
  const byTime = Map.groupBy(rows, (row) => (row['event_time'] as Date).getTime());
  return async (record: Parameters<typeof decodeFetching>[0]): Promise<void> => {
    const delivery = await decodeFetching(record, decoder, failures);
    if (typeof delivery === 'string' || delivery.event === null) return;
    const { event } = delivery;
    for (const row of byTime.get(event.eventTime) ?? []) {
      if (!isRowOf(row, event, plan)) continue;
      const place = `${record.topic}/${record.partition}/${record.offset}`;
      places.set(row, [...(places.get(row) ?? []), place]);
    }
  };
};
