import type { Admin } from '@platformatic/kafka';

/** Makes the timestamp that asks for the first offset whose record is not older than a time in milliseconds: smaller numbers are Kafka's words. */
export const notBefore = (time: number): bigint => BigInt(Math.max(0, Math.floor(time)));

/**
 * Asks the brokers for an offset of each partition.
 * @param timestamp a time, `earliest` or `latest`. Of a partition without so new a record they answer -1.
 */
export const listOffsets = async (
  admin: Admin,
  topic: string,
  partitions: Iterable<number>,
  timestamp: bigint,
): Promise<Map<number, bigint>> => {
  const asked = [...partitions].map((partitionIndex) => ({ partitionIndex, timestamp }));
  const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions: asked }] });
  return new Map(listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
};
