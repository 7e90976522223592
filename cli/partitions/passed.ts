import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import { committedOffsets } from '../kafka/committed-offsets.ts';
import { readUpTo } from '../kafka/read-topic.ts';
import { withAdmin } from '../kafka/with-admin.ts';
import { readCheckpoints } from '../tables/checkpoints.ts';
import type { Target } from '../target/target.ts';
import { markItem, readMarks } from '../tasks/marks.ts';
import type { PartitionState } from './read-partitions.ts';

/** How far a group has gone past its checkpoint in a partition: its next batch moves the checkpoint, too. */
export interface Passed {
  /** The offset that the group has committed. */
  readonly to: bigint;
  /** The records among the first ones behind the checkpoint that were given up, and not redriven. A transaction's marker is none. */
  readonly givenUp: number;
}

/** The offsets behind a checkpoint that are read. */
const mostRead = 1_000n;

/**
 * Finds the partitions in which the group has committed an offset beyond its checkpoint. The function writes the checkpoint before the
 * mapping commits, so that what lies between was given up.
 * @param states partitions of one topic that are behind.
 * @returns the states of those partitions by now.
 * @throws {UserFacingError} where Kafka cannot be asked for the group, or for the records.
 */
export const findPassed = async (
  target: Target,
  topic: string,
  states: readonly PartitionState[],
  signal: AbortSignal,
): Promise<Map<PartitionState, PartitionState>> => {
  const { keyspace, consumerGroup: group } = target.settings;
  const connection = await target.kafka();
  const committed = await withAdmin(connection, (admin) => committedOffsets(admin, group, topic));
  /** The committed offset, up to the end of the partition as it was looked at. */
  const reached = ({ partition, extent }: PartitionState): bigint => {
    const [offset, end] = [committed.get(partition) ?? 0n, extent?.end ?? 0n];
    return offset < end ? offset : end;
  };
  // Without a checkpoint the group may have begun there: by its starting position, it reads nothing that is older.
  const isPassed = (state: PartitionState): boolean =>
    state.checkpoint !== null && reached(state) > state.checkpoint.nextOffset;
  const found = new Map<PartitionState, PartitionState>();
  if (!states.some(isPassed)) return found;
  const client = await target.cassandra();
  // A batch may have come to its end since the checkpoints were read.
  const checkpoints = await readCheckpoints(client, keyspace, { group, topic }, signal);
  for (const state of states.filter(isPassed)) {
    const { partition } = state;
    const checkpoint = checkpoints.find((one) => one.partition === partition) ?? null;
    const now = { ...state, checkpoint };
    const to = reached(state);
    found.set(
      state,
      isPassed(now)
        ? { ...now, passed: { to, givenUp: await countGivenUp(target, now, to, signal) } }
        : now,
    );
  }
  return found;
};

/** Counts the records from the checkpoint up to an offset that no task has redriven, of the first ones. */
const countGivenUp = async (
  target: Target,
  { topic, partition, checkpoint, extent }: PartitionState,
  to: bigint,
  signal: AbortSignal,
): Promise<number> => {
  const [next, first] = [checkpoint?.nextOffset ?? 0n, extent?.begin ?? 0n];
  const begin = first > next ? first : next;
  const end = to - begin > mostRead ? begin + mostRead : to;
  const read = await readUpTo(
    await target.kafka(),
    topic,
    new Map([[partition, begin]]),
    new Map([[partition, { begin, end }]]),
    signal,
  );
  const records = read.flat().map(({ offset }) => ({ topic, partition, offset: BigInt(offset) }));
  const client = await target.cassandra();
  const marks = await readMarks(client, target.settings.keyspace, records, signal).catch(
    (error) => {
      // Where there is no table of operations, nothing was redriven.
      if (error instanceof IngestError) return new Map<string, unknown>();
      throw error;
    },
  );
  return records.filter((record) => !marks.has(markItem(record))).length;
};
