import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { offsetsOrEnds } from '../kafka/offsets-of-time.ts';
import { topicExtents } from '../kafka/topic-extents.ts';
import { withAdmin } from '../kafka/with-admin.ts';
import { readCheckpoints } from '../tables/checkpoints.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count } from '../terminal/words.ts';
import type { From } from './from-option.ts';
import { type GroupState, groupState } from './group-state.ts';
import { type Left, type Move, planReplay } from './plan.ts';

/** What a replay would do, and what is in its way. */
export interface Look {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly group: string;
  readonly moves: readonly Move[];
  readonly left: readonly Left[];
  readonly members: number;
  /** The state of the event source mapping in AWS's words; null where there is none. */
  readonly mappingState: string | null;
}

interface Wanted {
  readonly from: From;
  readonly partition?: number | undefined;
}

/**
 * Finds what a replay would do. Nothing is written.
 * @throws {UserFacingError} where the topic or an offset is not as the replay needs it.
 */
export const look = async (target: Target, wanted: Wanted, signal: AbortSignal): Promise<Look> => {
  const { topic, settings, mapping } = target;
  if (topic === null) throw new UserFacingError('The topic is not known here: name it by --topic.');
  const { consumerGroup: group, keyspace } = settings;
  const connection = await target.kafka();
  const extents = await topicExtents(connection, topic);
  const positions = await positionsOf(connection, topic, extents, wanted);
  const state = await withAdmin(connection, (admin) => groupState(admin, group, topic));
  const checkpoints = await readCheckpoints(
    await target.cassandra(),
    keyspace,
    { group, topic },
    signal,
  );
  const inOrder = [...positions].toSorted(([one], [other]) => one - other);
  const found = inOrder.map(([partition, from]) => ({
    partition,
    wanted: from,
    extent: extents.get(partition) ?? { begin: 0n, end: 0n },
    committed: state.committed.get(partition) ?? null,
    checkpoint: checkpoints.find((one) => one.partition === partition) ?? null,
  }));
  const { moves, left } = planReplay(found);
  if ('offset' in wanted.from) refuseForward(wanted.from.offset, left, state);
  return {
    ...{ connection, topic, group, moves, left },
    members: state.members,
    mappingState: mapping === null ? null : await mapping.state(),
  };
};

type Extents = Awaited<ReturnType<typeof topicExtents>>;

/** Finds the offset from which each partition is wanted again. */
const positionsOf = async (
  connection: KafkaConnection,
  topic: string,
  extents: Extents,
  { from, partition }: Wanted,
): Promise<Map<number, bigint>> => {
  if (partition !== undefined && !extents.has(partition))
    throw new UserFacingError(
      `The topic ${topic} has ${count(extents.size, 'partition')}, numbered from 0 (given --partition ${partition}).`,
    );
  const meant = new Map(
    [...extents].filter(([one]) => partition === undefined || one === partition),
  );
  if ('time' in from) return offsetsOrEnds(connection, topic, meant, from.time);
  if (partition === undefined)
    throw new UserFacingError(
      `An offset is one of a single partition: name it by --partition, or give --from a time (given --from ${from.offset}).`,
    );
  return new Map([[partition, from.offset]]);
};

/** Refuses an offset that the group has not come to: to set it there would skip records. */
const refuseForward = (
  offset: bigint,
  [left]: readonly Left[],
  { committed }: GroupState,
): void => {
  if (left === undefined) return;
  throw new UserFacingError(
    left.why === 'uncommitted'
      ? `The group has committed no offset in partition ${left.partition}: there is nothing to set back.`
      : `The group reads offset ${committed.get(left.partition)} of partition ${left.partition} next. To set it to ${offset} would set nothing back, ` +
          'and could skip records: a replay only goes back.',
  );
};
