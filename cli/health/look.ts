import { groupMembers } from '../kafka/group-members.ts';
import { offsetsAt } from '../kafka/offsets-at.ts';
import { withAdmin } from '../kafka/with-admin.ts';
import { type PartitionStates, readPartitions } from '../partitions/read-partitions.ts';
import { rejectedInLastHour } from '../rejected/last-hour.ts';
import type { StackHealth } from '../target/stack-health.ts';
import type { Target } from '../target/target.ts';
import { type Told, told } from '../target/told.ts';
import { type FailedBatches, lookAtFailed } from './failed-batches.ts';
import type { Limits } from './limits.ts';
import type { RejectedCounts } from './rejected-finding.ts';
import { readWaited } from './waited.ts';

const hourMs = 3_600_000;

/** All that is asked about a pipeline. A part that could not be asked for has the reason in its place. */
export interface Looked {
  /** Null for a pipeline that is not deployed. */
  readonly stack: StackHealth | null;
  readonly states: Told<PartitionStates>;
  readonly waitedMs: Told<ReadonlyMap<string, number>>;
  readonly rejected: Told<RejectedCounts>;
  /** The members of the consumer group. */
  readonly members: Told<number>;
  /** What lies in an on-failure destination that is not AWS’s; null without one. */
  readonly failed: Told<FailedBatches | null>;
  /** Milliseconds. */
  readonly now: number;
}

/** Asks the database, Kafka and AWS how a pipeline is. */
export const lookAtHealth = async (
  target: Target,
  topic: string | undefined,
  limits: Limits,
  signal: AbortSignal,
): Promise<Looked> => {
  const stack = target.stackHealth?.() ?? null;
  // It is awaited last, and must not be an unhandled rejection before.
  stack?.catch(() => {});
  const states = await told(() => readPartitions(target, topic, signal));
  const now = Date.now();
  const known = states.kind === 'known' ? states.value.partitions : [];
  const isReached = states.kind === 'known' && states.value.unreached.length === 0;
  return {
    states,
    waitedMs: await told(() => readWaited(target, known, limits.waitMs, now, signal)),
    rejected:
      states.kind === 'known'
        ? await told(() => countRejected(target, states.value, isReached, now, signal))
        : states,
    members: await told(async () =>
      withAdmin(await target.kafka(), (admin) =>
        groupMembers(admin, target.settings.consumerGroup),
      ),
    ),
    failed: await told(() => lookAtFailed(target)),
    stack: await stack,
    now,
  };
};

const countRejected = async (
  target: Target,
  { partitions }: PartitionStates,
  isReached: boolean,
  now: number,
  signal: AbortSignal,
): Promise<RejectedCounts> => {
  const look = await rejectedInLastHour(target, partitions, signal);
  const all: Record<string, number> = {};
  const ofHour: Record<string, number> = {};
  for await (const { reason, recordTimestamp } of look.rows) {
    all[reason] = (all[reason] ?? 0) + 1;
    if ((recordTimestamp ?? 0) >= now - hourMs) ofHour[reason] = (ofHour[reason] ?? 0) + 1;
  }
  const topics = isReached ? new Set(partitions.map(({ topic }) => topic)) : [];
  let produced = 0;
  for (const topic of topics) {
    const [before = 0n, after = 0n] = await offsetsAt(await target.kafka(), topic, [
      now - hourMs,
      now,
    ]);
    produced += Number(after - before);
  }
  return {
    all,
    ofHour,
    produced: isReached ? produced : null,
    isIncomplete: look.progress.unread.length > 0,
  };
};
