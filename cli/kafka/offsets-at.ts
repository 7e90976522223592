import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { latest } from 'local-kafka-trigger/kafka/topic-reader.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { listOffsets, notBefore } from './list-offsets.ts';
import { withAdmin } from './with-admin.ts';

/**
 * Finds how many offsets the partitions of a topic had reached at some times: for each time the sum, over the partitions, of the first
 * offset whose record is not older.
 * @param times in milliseconds.
 * @throws {UserFacingError} where the topic cannot be read, or there is none.
 */
export const offsetsAt = (
  connection: KafkaConnection,
  topic: string,
  times: readonly number[],
): Promise<bigint[]> =>
  withAdmin(connection, async (admin) => {
    const metadata = await admin.metadata({ topics: [topic] });
    const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
    if (count === 0) throw new UserFacingError(`There is no topic ${topic}.`);
    const at = (timestamp: bigint): Promise<Map<number, bigint>> =>
      listOffsets(admin, topic, Array(count).keys(), timestamp);
    const ends = await at(latest);
    const sums: bigint[] = [];
    for (const time of times) {
      const found = await at(notBefore(time));
      let sum = 0n;
      // The broker answers -1 where no record is so new.
      for (const [partition, offset] of found)
        sum += offset < 0n ? (ends.get(partition) ?? 0n) : offset;
      sums.push(sum);
    }
    return sums;
  });
