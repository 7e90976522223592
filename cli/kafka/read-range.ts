import type { KafkaConnection } from 'local-kafka-trigger';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { readUpTo } from './read-topic.ts';
import { type Extent, topicExtents } from './topic-extents.ts';

/** The records of a part of a partition, and what the partition has now. */
export interface RecordsOfRange {
  readonly records: readonly KafkaRecord[];
  readonly extent: Extent;
}

/**
 * Reads the records of a partition from one offset up to another, which is not read. Offsets that the topic no longer has, or not yet,
 * have none.
 * @throws {UserFacingError} where the topic cannot be read, or has no such partition.
 */
export const readRange = async (
  connection: KafkaConnection,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  from: bigint,
  to: bigint,
): Promise<RecordsOfRange> => {
  const extents = await topicExtents(connection, topic);
  const extent = extents.get(partition);
  if (extent === undefined)
    throw new UserFacingError(
      `Topic ${topic} has no partition ${partition}: it has ${extents.size}, from 0 on.`,
    );
  const begin = from > extent.begin ? from : extent.begin;
  const end = to < extent.end ? to : extent.end;
  if (begin >= end) return { records: [], extent };
  const read = await readUpTo(
    connection,
    topic,
    new Map([[partition, begin]]),
    new Map([[partition, { begin, end }]]),
  );
  return { records: read.flat(), extent };
};
