import { setTimeout as delay } from 'node:timers/promises';
import type { Poller } from '../mapping/poller.ts';

/** The seconds within which a group shares its partitions; a group of fewer partitions than members never does. */
const longestSeconds = 30;

/** Waits for a condition. @returns whether it has come to be. */
const until = async (condition: () => boolean, seconds = longestSeconds): Promise<boolean> => {
  const deadline = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
};

/** Waits until two members of a group have partitions both. @throws where they do not. */
export const sharePartitions = async (
  ...members: readonly Pick<Poller, 'partitions'>[]
): Promise<void> => {
  if (!(await until(() => members.every((member) => member.partitions().length > 0))))
    throw new Error(`the group did not share its partitions within ${longestSeconds} s`);
};

/** Waits until a member has handled so many further batches. @throws where it does not. */
export const handleBatches = async (
  member: Pick<Poller, 'counts'>,
  count: number,
): Promise<void> => {
  const before = member.counts().invocations;
  if (!(await until(() => member.counts().invocations >= before + count)))
    throw new Error(`the new member did not handle ${count} batches within ${longestSeconds} s`);
};

/** Has another member join the group of a poller, take partitions from it, and leave when it has handled a batch of them. */
export const rebalance = async (join: () => Promise<Poller>): Promise<void> => {
  await using member = await join();
  // Its partitions may have no records, or it may have got none.
  await until(() => member.counts().invocations > 0, member.partitions().length > 0 ? 2 : 0);
};
