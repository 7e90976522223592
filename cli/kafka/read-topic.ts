import { randomUUID } from 'node:crypto';
import type { KafkaConnection } from 'local-kafka-trigger';
import { fetchedRecords } from 'local-kafka-trigger/kafka/fetched-records.ts';
import { createTopicReader } from 'local-kafka-trigger/kafka/topic-reader.ts';
import type { SourceRecord } from 'local-kafka-trigger/mapping/record-json.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { fetchPersistently } from './fetch-persistently.ts';
import { type Extent, topicExtents } from './topic-extents.ts';
import { unusable } from './with-admin.ts';

/**
 * Reads the last records of a topic, by partition in offset order: about as many of each partition. Joins no group and commits
 * nothing.
 * @throws {UserFacingError} where the topic cannot be read.
 */
export const readTopic = async (
  connection: KafkaConnection,
  topic: string,
  most: number,
): Promise<KafkaRecord[][]> => {
  const ends = await topicExtents(connection, topic);
  const share = BigInt(Math.ceil(most / ends.size));
  const positions = new Map(
    [...ends].map(([partition, { begin, end }]) => [
      partition,
      end - share > begin ? end - share : begin,
    ]),
  );
  return await readUpTo(connection, topic, positions, ends);
};

/**
 * Reads the records of each partition from its position up to its end. Positions that the topic no longer has are left out.
 * @throws {UserFacingError} where the topic cannot be read.
 */
export const readUpTo = async (
  connection: KafkaConnection,
  topic: string,
  positions: Map<number, bigint>,
  ends: ReadonlyMap<number, Extent>,
  signal?: AbortSignal,
): Promise<KafkaRecord[][]> => {
  const reader = createTopicReader(connection, topic, `inspect-${randomUUID()}`);
  const records = new Map<number, KafkaRecord[]>();
  const end = (partition: number): bigint => ends.get(partition)?.end ?? 0n;
  try {
    for (;;) {
      for (const [partition, position] of positions)
        if (position >= end(partition)) positions.delete(partition);
      if (positions.size === 0) break;
      const { partitions, outOfRange } = await fetchPersistently(reader, positions, signal);
      for (const partition of outOfRange) positions.delete(partition);
      for (const response of partitions) {
        const partition = response.partitionIndex;
        const from = positions.get(partition) ?? 0n;
        const fetched = fetchedRecords(topic, response, from);
        positions.set(partition, fetched.nextOffset);
        const list = records.get(partition) ?? [];
        records.set(partition, list);
        for (const one of fetched.records)
          if (BigInt(one.offset) < end(partition)) list.push(toKafkaRecord(one));
      }
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unusable(connection, error);
  } finally {
    await reader.close();
  }
  return [...records.values()].filter((list) => list.length > 0);
};

/** Converts a record as Kafka stores it to one as the function takes it. */
export const toKafkaRecord = ({
  timestampType: _,
  headers,
  ...record
}: SourceRecord): KafkaRecord => ({
  ...record,
  headers: headers.map(([name, value]) => ({ name: name?.toString() ?? '', value })),
});
