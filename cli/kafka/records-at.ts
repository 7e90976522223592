import { randomUUID } from 'node:crypto';
import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { type Fetched, fetchedRecords } from 'local-kafka-trigger/kafka/fetched-records.ts';
import { createTopicReader } from 'local-kafka-trigger/kafka/topic-reader.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { fetchPersistently } from './fetch-persistently.ts';
import { toKafkaRecord } from './read-topic.ts';
import { type Extent, topicExtents } from './topic-extents.ts';
import { unusable } from './with-admin.ts';

/** A range of offsets of a partition; the end is left out. */
export interface OffsetRange {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * A part of a range: a record, or offsets without one. They are `gone` where they lie outside what the partition has, and `compacted` within.
 * Offsets that a transaction hides are in no part.
 */
type RangePart =
  | { readonly kind: 'record'; readonly record: KafkaRecord }
  | ({ readonly kind: 'gone' | 'compacted' } & Omit<OffsetRange, 'partition'>);

/** Reads a topic at any offsets, in the memory of one answer of a broker. */
export interface RecordsAt extends AsyncDisposable {
  /** What each partition had when that was last asked for. */
  readonly extents: ReadonlyMap<number, Extent>;
  /**
   * Reads a range in order. Records that the topic deletes meanwhile are gone.
   * @throws {UserFacingError} where the topic cannot be read.
   */
  range(range: OffsetRange, signal: AbortSignal): AsyncGenerator<RangePart>;
  /** Finds the records at some offsets of a partition, in order; null for one that the topic does not have. */
  offsets(
    partition: number,
    sorted: readonly bigint[],
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly offset: bigint; readonly record: KafkaRecord | null }>;
}

/**
 * Opens a topic for reading at any offsets. It joins no group and commits nothing.
 * @throws {UserFacingError} where there is no such topic, or it cannot be read.
 */
export const openRecordsAt = async (
  connection: KafkaConnection,
  topic: string,
): Promise<RecordsAt> => {
  const extents = await topicExtents(connection, topic);
  const askForExtents = async (): Promise<void> => {
    for (const [partition, extent] of await topicExtents(connection, topic))
      extents.set(partition, extent);
  };
  const reader = createTopicReader(connection, topic, `user-events-${randomUUID()}`);

  /** Fetches what a partition has from an offset on. */
  const fetch = async (partition: number, from: bigint, signal: AbortSignal) => {
    for (;;) {
      signal.throwIfAborted();
      try {
        const { partitions, outOfRange } = await fetchPersistently(
          reader,
          new Map([[partition, from]]),
          signal,
        );
        if (outOfRange.includes(partition)) return null;
        const [response] = partitions;
        if (response === undefined) continue;
        const fetched = fetchedRecords(topic, response, from);
        if (fetched.nextOffset > from) return fetched;
      } catch (error) {
        signal.throwIfAborted();
        throw unusable(connection, error);
      }
    }
  };

  const within = (partition: number, offset: bigint): boolean => {
    const extent = extents.get(partition);
    return extent !== undefined && offset >= extent.begin && offset < extent.end;
  };

  return {
    extents,
    async *range({ partition, from, to }, signal) {
      let at = from;
      for (let isAsked = false; at < to; ) {
        const fetched = within(partition, at) ? await fetch(partition, at, signal) : null;
        if (fetched !== null) {
          isAsked = false;
          yield* partsOf(fetched, at, to);
          at = fetched.nextOffset;
        } else if (!isAsked || within(partition, at)) {
          // The partition has other offsets by now: the oldest records were deleted, or new ones have come.
          await askForExtents();
          isAsked = true;
        } else {
          const { begin } = extents.get(partition) ?? { begin: to };
          const next = at < begin && begin < to ? begin : to;
          yield { kind: 'gone', from: at, to: next };
          at = next;
        }
      }
    },
    async *offsets(partition, sorted, signal) {
      let next = 0;
      while (next < sorted.length) {
        const offset = sorted[next] as bigint;
        const fetched = within(partition, offset) ? await fetch(partition, offset, signal) : null;
        const records = new Map(fetched?.records.map((one) => [BigInt(one.offset), one]));
        const end = fetched?.nextOffset ?? offset + 1n;
        for (; next < sorted.length && (sorted[next] as bigint) < end; next += 1) {
          const wanted = sorted[next] as bigint;
          const record = records.get(wanted);
          yield { offset: wanted, record: record === undefined ? null : toKafkaRecord(record) };
        }
      }
    },
    async [Symbol.asyncDispose]() {
      await reader.close();
    },
  };
};

/** Lists the parts of a range, from an offset on, of which an answer of the broker tells. */
const partsOf = function* (
  { records, nextOffset, hidden }: Fetched,
  from: bigint,
  to: bigint,
): Generator<RangePart> {
  const end = nextOffset < to ? nextOffset : to;
  let at = from;
  const compactedUpTo = function* (last: bigint): Generator<RangePart> {
    for (const [first, behind] of hidden) {
      if (BigInt(behind) <= at || BigInt(first) >= last) continue;
      if (BigInt(first) > at) yield { kind: 'compacted', from: at, to: BigInt(first) };
      at = BigInt(behind);
    }
    if (at < last) yield { kind: 'compacted', from: at, to: last };
  };
  for (const record of records) {
    const offset = BigInt(record.offset);
    if (offset >= end) break;
    yield* compactedUpTo(offset);
    yield { kind: 'record', record: toKafkaRecord(record) };
    at = offset + 1n;
  }
  yield* compactedUpTo(end);
};
