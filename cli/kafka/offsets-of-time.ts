import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { listOffsets, notBefore } from './list-offsets.ts';
import type { Extent } from './topic-extents.ts';
import { withAdmin } from './with-admin.ts';

/**
 * Finds, by partition, the first offset whose record has a timestamp of this time or later: all records before it have earlier ones. A
 * partition without such a record is left out.
 * @param time milliseconds since the epoch.
 */
export const offsetsOfTime = async (
  connection: KafkaConnection,
  topic: string,
  partitions: Iterable<number>,
  time: number,
): Promise<Map<number, bigint>> => {
  const found = await withAdmin(connection, (admin) =>
    listOffsets(admin, topic, partitions, notBefore(time)),
  );
  return new Map([...found].filter(([, offset]) => offset >= 0n));
};

/** Finds the same offsets, and the end of a partition without such a record. */
export const offsetsOrEnds = async (
  connection: KafkaConnection,
  topic: string,
  extents: ReadonlyMap<number, Extent>,
  time: number,
): Promise<Map<number, bigint>> => {
  const found = await offsetsOfTime(connection, topic, extents.keys(), time);
  return new Map(
    [...extents].map(([partition, { end }]) => [partition, found.get(partition) ?? end]),
  );
};
