import type { Admin } from '@platformatic/kafka';

/**
 * Asks the brokers for the offsets that a consumer group has committed, by partition: those of the records that it reads next. A partition of
 * which it has committed none is absent.
 */
export const committedOffsets = async (
  admin: Admin,
  group: string,
  topic: string,
): Promise<Map<number, bigint>> => {
  const [offsets] = await admin.listConsumerGroupOffsets({ groups: [group] });
  const partitions = offsets?.topics.find(({ name }) => name === topic)?.partitions ?? [];
  return new Map(
    partitions
      .filter(({ committedOffset }) => committedOffset >= 0n)
      .map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
  );
};
