import { setTimeout as delay } from 'node:timers/promises';
import { withAdmin } from '../kafka/with-admin.ts';
import type { Output } from '../output/output.ts';
import type { MappingSwitch } from '../target/mapping-switch.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { type GroupState, groupState } from './group-state.ts';
import type { Look } from './look.ts';

/** How long AWS may take to switch a mapping, and clients to leave a group, in milliseconds. */
const longest = 15 * 60_000;
const looksEvery = 2_000;

interface Waiting {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Waits until something is so. @throws {UserFacingError} where it takes too long. */
const until = async (
  what: string,
  isSo: () => Promise<string | true>,
  { output, signal }: Waiting,
): Promise<void> => {
  const end = performance.now() + longest;
  for (;;) {
    const found = await isSo();
    if (found === true) return;
    if (performance.now() > end)
      throw new UserFacingError(`${what}: after ${longest / 60_000} minutes it is still ${found}.`);
    output.progress(`${what}: ${found} …`);
    await delay(looksEvery, undefined, { signal });
  }
};

/** Waits until an event source mapping has a state. */
export const untilMapping = (
  mapping: MappingSwitch,
  wanted: 'Enabled' | 'Disabled',
  waiting: Waiting,
): Promise<void> =>
  until(
    `Waiting for the event source mapping to be ${wanted}`,
    async () => {
      const state = await mapping.state();
      return state === wanted || state;
    },
    waiting,
  );

/**
 * Sets a group back, once nobody is in it, and looks whether it is where it was set.
 * @returns the records that will be delivered again, at most: the group may have gone on since it was looked at.
 * @throws {UserFacingError} where the brokers refuse it.
 */
export const setBack = async (
  { connection, group, topic, moves }: Pick<Look, 'connection' | 'group' | 'topic' | 'moves'>,
  waiting: Waiting,
): Promise<bigint> => {
  const stateNow = () => withAdmin(connection, (admin) => groupState(admin, group, topic));
  let before: GroupState = { committed: new Map(), members: 0 };
  await until(
    `Waiting for the group ${group} to be empty`,
    async () => {
      before = await stateNow();
      return before.members === 0 || `${before.members} in it`;
    },
    waiting,
  );
  await withAdmin(connection, (admin) =>
    admin.alterConsumerGroupOffsets({
      groupId: group,
      topics: [
        {
          name: topic,
          partitionOffsets: moves.map(({ partition, from }) => ({ partition, offset: from })),
        },
      ],
    }),
  );
  const { committed } = await stateNow();
  const wrong = moves.filter(({ partition, from }) => committed.get(partition) !== from);
  if (wrong.length > 0)
    throw new UserFacingError(
      `The group was set back, but does not stand there: ${wrong
        .map(
          ({ partition, from }) =>
            `partition ${partition} at ${committed.get(partition)}, not ${from}`,
        )
        .join('; ')}. Does anybody read as ${group}?`,
    );
  return moves.reduce(
    (sum, { partition, from, to }) => sum + (before.committed.get(partition) ?? to) - from,
    0n,
  );
};
