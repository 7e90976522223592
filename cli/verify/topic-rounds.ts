import { randomUUID } from 'node:crypto';
import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { fetchedRecords } from 'local-kafka-trigger/kafka/fetched-records.ts';
import {
  createTopicReader,
  earliest,
  type TopicReader,
} from 'local-kafka-trigger/kafka/topic-reader.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { fetchPersistently } from '../kafka/fetch-persistently.ts';
import { toKafkaRecord } from '../kafka/read-topic.ts';
import { unusable } from '../kafka/with-admin.ts';

/** A record, and what the topic lacks before it. */
interface ReadRecord {
  readonly record: KafkaRecord;
  /** The offsets since the record before it whose records are gone: by retention, compaction or deletion, and not by a transaction. */
  readonly goneBefore: number;
}

/** The records of one partition that came together. */
export interface Round {
  readonly partition: number;
  readonly records: readonly ReadRecord[];
  /** The offset that is read next. */
  readonly next: number;
  /** The gone offsets at the end of what was asked for, behind the last record. */
  readonly goneAfter: number;
  /** The offsets that were asked for and not given: they went while they were read, the topic ends before them, or it stands still. */
  readonly unread: number;
}

export interface RoundsOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** The offset at which each partition is begun. */
  readonly positions: ReadonlyMap<number, number>;
  /** The offset before which each partition ends. */
  readonly ends: ReadonlyMap<number, number>;
  readonly signal: AbortSignal;
}

/** The fetches without any record, of a tenth of a second each, after which a topic stands still. */
const mostIdle = 300;

/**
 * Reads partitions of a topic side by side, a fetch at a time, in the memory of two fetches. Joins no group and commits nothing.
 * @throws {UserFacingError} where the topic cannot be read.
 */
export const readRounds = async function* (options: RoundsOptions): AsyncGenerator<Round[]> {
  const { connection, topic, signal } = options;
  const reader = createTopicReader(connection, topic, `verify-${randomUUID()}`);
  const partitions = new Map<number, Standing>();
  for (const [partition, next] of options.positions) {
    const end = options.ends.get(partition) ?? 0;
    if (next < end) partitions.set(partition, { next, end, gone: 0 });
  }
  try {
    let idle = 0;
    let coming = partitions.size === 0 ? null : fetchOne(reader, partitions, signal);
    coming?.catch(() => {});
    while (coming !== null) {
      const answer: Awaited<ReturnType<typeof fetchOne>> = await coming;
      const rounds = await toRounds(reader, topic, partitions, answer);
      idle = rounds.length > 0 ? 0 : idle + 1;
      if (idle > mostIdle) {
        yield [...partitions].map(([partition, standing]) => unreadRest(partition, standing));
        return;
      }
      // The next records come while these are looked up.
      coming = partitions.size === 0 ? null : fetchOne(reader, partitions, signal);
      coming?.catch(() => {});
      yield* slicesOf(rounds);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw unusable(connection, error);
  } finally {
    await reader.close();
  }
};

/** The records of a slice, and those of one partition in it. */
const [mostOfSlice, mostOfPartition] = [1_000, 250];

/** Cuts what a fetch has brought into slices, so that little is done again after a break. */
const slicesOf = function* (rounds: readonly Round[]): Generator<Round[]> {
  const longest = Math.max(1, ...rounds.map(({ records }) => records.length));
  let slice: Round[] = [];
  let records = 0;
  for (let start = 0; start < longest; start += mostOfPartition)
    for (const round of rounds) {
      if (start > 0 && start >= round.records.length) continue;
      const end = start + mostOfPartition;
      const part = round.records.slice(start, end);
      const last = part.at(-1);
      slice.push(
        end >= round.records.length || last === undefined
          ? { ...round, records: part }
          : { ...round, records: part, next: last.record.offset + 1, goneAfter: 0, unread: 0 },
      );
      records += part.length;
      if (records < mostOfSlice) continue;
      yield slice;
      slice = [];
      records = 0;
    }
  if (slice.length > 0) yield slice;
};

/** Where the reading of a partition stands. */
interface Standing {
  next: number;
  readonly end: number;
  /** The gone offsets since the last record. */
  gone: number;
}

/** Gives up the rest of a partition. */
const unreadRest = (partition: number, { next, end, gone }: Standing): Round => ({
  partition,
  records: [],
  next,
  goneAfter: gone,
  unread: end - next,
});

const fetchOne = (
  reader: TopicReader,
  partitions: ReadonlyMap<number, Standing>,
  signal: AbortSignal,
): ReturnType<TopicReader['fetch']> =>
  fetchPersistently(
    reader,
    new Map([...partitions].map(([partition, { next }]) => [partition, BigInt(next)])),
    signal,
  );

/** Takes what a fetch brought. Partitions that are read to their end leave the map. */
const toRounds = async (
  reader: TopicReader,
  topic: string,
  partitions: Map<number, Standing>,
  { partitions: responses, outOfRange }: Awaited<ReturnType<TopicReader['fetch']>>,
): Promise<Round[]> => {
  const rounds: Round[] = [];
  const answered = new Map(responses.map((response) => [response.partitionIndex, response]));
  const begins = outOfRange.length === 0 ? null : await reader.offsetsAt(outOfRange, earliest);
  for (const [partition, standing] of partitions) {
    const records: ReadRecord[] = [];
    const response = answered.get(partition);
    const before = standing.next;
    if (response !== undefined) {
      const fetched = fetchedRecords(topic, response, BigInt(standing.next));
      for (const one of fetched.records) {
        if (one.offset >= standing.end) break;
        standing.gone += goneBetween(standing.next, one.offset, fetched.hidden);
        records.push({ record: toKafkaRecord(one), goneBefore: standing.gone });
        standing.gone = 0;
        standing.next = one.offset + 1;
      }
      const last = Math.min(Number(fetched.nextOffset), standing.end);
      standing.gone += goneBetween(standing.next, last, fetched.hidden);
      standing.next = Math.max(standing.next, last);
    }
    const begin = begins?.get(partition);
    let lost = 0;
    const isCutOff = begin !== undefined && Number(begin) <= standing.next;
    if (begin !== undefined && !isCutOff) {
      const to = Math.min(Number(begin), standing.end);
      lost = to - standing.next;
      standing.gone += lost;
      standing.next = to;
    }
    if (standing.next < standing.end && !isCutOff) {
      if (standing.next > before)
        rounds.push({ partition, records, next: standing.next, goneAfter: 0, unread: lost });
      continue;
    }
    partitions.delete(partition);
    const rest = unreadRest(partition, standing);
    rounds.push({ ...rest, records, unread: rest.unread + lost });
  }
  return rounds;
};

/** Counts the offsets of a range that no transaction has hidden. */
const goneBetween = (
  from: number,
  to: number,
  hidden: readonly (readonly [first: number, end: number])[],
): number => {
  if (to <= from) return 0;
  let gone = to - from;
  for (const [first, end] of hidden) gone -= Math.max(0, Math.min(end, to) - Math.max(first, from));
  return gone;
};
