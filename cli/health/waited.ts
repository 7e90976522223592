import { readUpTo } from '../kafka/read-topic.ts';
import { lagOf, type PartitionState } from '../partitions/read-partitions.ts';
import type { Target } from '../target/target.ts';
import { nameOf } from './position-findings.ts';

/** The most partitions whose first waiting record is read: those that have stood longest. */
const mostRead = 50;

/**
 * Reads how long the first record that is not handled has lain in Kafka, for partitions that stand still. A partition whose first offset has
 * no record, as after a transaction, is told by the age of its checkpoint.
 * @param waitMs how old a checkpoint must be, for its partition to stand still.
 * @returns the milliseconds by `topic/partition`.
 */
export const readWaited = async (
  target: Target,
  partitions: readonly PartitionState[],
  waitMs: number,
  now: number,
  signal: AbortSignal,
): Promise<Map<string, number>> => {
  const age = ({ checkpoint }: PartitionState): number => now - (checkpoint?.updatedAt ?? 0);
  const standing = partitions
    .filter((state) => (lagOf(state) ?? 0n) > 0n && age(state) > waitMs)
    .toSorted((one, other) => age(other) - age(one))
    .slice(0, mostRead);
  const waited = new Map(standing.map((state) => [nameOf(state), age(state)]));
  for (const [topic, states] of Map.groupBy(standing, (state) => state.topic)) {
    const first = states.map(
      (state) => [state.partition, (state.extent?.end ?? 0n) - (lagOf(state) ?? 0n)] as const,
    );
    const read = await readUpTo(
      await target.kafka(),
      topic,
      new Map(first),
      new Map(first.map(([partition, begin]) => [partition, { begin, end: begin + 1n }])),
      signal,
    );
    for (const { partition, timestamp } of read.flat())
      if (timestamp >= 0) waited.set(nameOf({ topic, partition }), Math.max(0, now - timestamp));
  }
  return waited;
};
