import { type Extent, topicExtents } from '../kafka/topic-extents.ts';
import { type CheckpointRow, readCheckpoints } from '../tables/checkpoints.ts';
import type { Target } from '../target/target.ts';
import { told } from '../target/told.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { findPassed, type Passed } from './passed.ts';

/** Where a consumer group stands in a partition, and what the partition has. */
export interface PartitionState {
  readonly topic: string;
  readonly partition: number;
  /** The checkpoint; null where the group has none. */
  readonly checkpoint: CheckpointRow | null;
  /** The offsets that Kafka has; null where it could not be asked. */
  readonly extent: Extent | null;
  /** Absent where the group has not gone past its checkpoint. */
  readonly passed?: Passed;
}

/** The partitions of a group, and what could not be asked for. */
export interface PartitionStates {
  /** By topic and partition. */
  readonly partitions: readonly PartitionState[];
  /** What is not known, as Kafka could not be asked, and why: a text for each topic. */
  readonly unreached: readonly string[];
}

/**
 * Reads where the consumer group of a pipeline stands: in the topic that is named, or in the pipeline's, or else in all topics that it has a
 * checkpoint of. Partitions that Kafka has and the group has no checkpoint of are among them.
 */
export const readPartitions = async (
  target: Target,
  topic: string | undefined,
  signal: AbortSignal,
): Promise<PartitionStates> => {
  const { keyspace, consumerGroup: group } = target.settings;
  const client = await target.cassandra();
  const wanted = topic ?? target.topic ?? undefined;
  const checkpoints = await readCheckpoints(client, keyspace, { group, topic: wanted }, signal);
  const topics =
    wanted === undefined ? [...new Set(checkpoints.map((one) => one.topic))] : [wanted];
  const unreached: string[] = [];
  const partitions: PartitionState[] = [];
  for (const name of topics) {
    const own = checkpoints.filter((one) => one.topic === name);
    const extents = await extentsOf(target, name).catch((error) => {
      if (!(error instanceof UserFacingError)) throw error;
      unreached.push(`The lag is unknown. ${error.message}`);
      return null;
    });
    const numbers = new Set([...own.map(({ partition }) => partition), ...(extents?.keys() ?? [])]);
    for (const partition of [...numbers].toSorted((one, other) => one - other))
      partitions.push({
        topic: name,
        partition,
        checkpoint: own.find((one) => one.partition === partition) ?? null,
        extent: extents?.get(partition) ?? null,
      });
  }
  /** Partitions that are behind: the group may have gone past its checkpoint. */
  const behind = partitions.filter((state) => (lagOf(state) ?? 0n) > 0n);
  const passed = new Map<PartitionState, PartitionState>();
  for (const [name, states] of Map.groupBy(behind, (one) => one.topic)) {
    const found = await told(() => findPassed(target, name, states, signal));
    if (found.kind === 'known') for (const [state, now] of found.value) passed.set(state, now);
    else
      unreached.push(
        `Whether records of ${name} behind the checkpoint wait, or were given up, is unknown. ${found.why}`,
      );
  }
  return {
    partitions: partitions.map((state) => passed.get(state) ?? state),
    unreached: [...new Set(unreached)],
  };
};

const extentsOf = async (target: Target, topic: string): Promise<ReadonlyMap<number, Extent>> =>
  topicExtents(await target.kafka(), topic);

/** Counts the records of a partition that are still to come to the function; null where Kafka was not asked. */
export const lagOf = ({ checkpoint, extent, passed }: PartitionState): bigint | null => {
  if (extent === null) return null;
  const { begin, end } = extent;
  const next = passed?.to ?? checkpoint?.nextOffset ?? begin;
  return end - (next < begin || next > end ? begin : next);
};

/** Counts the records that the topic has deleted before the group handled them; 0 where none is known of. */
export const goneOf = ({ checkpoint, extent }: PartitionState): bigint =>
  checkpoint !== null && extent !== null && extent.begin > checkpoint.nextOffset
    ? extent.begin - checkpoint.nextOffset
    : 0n;

/** Tells whether a checkpoint is of another topic that had the name before: it lies beyond the end of this one. */
export const isOfFormerTopic = ({ checkpoint, extent }: PartitionState): boolean =>
  checkpoint !== null && extent !== null && checkpoint.nextOffset > extent.end;
