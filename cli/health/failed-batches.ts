import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { topicExtents } from '../kafka/topic-extents.ts';
import type { OnFailureHealth } from '../target/stack-health.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';

/** What lies in an on-failure destination, with its name. */
export interface FailedBatches extends OnFailureHealth {
  readonly destination: string;
}

/**
 * Looks into an on-failure destination that is not AWS's: a topic of Kafka, or a folder on this machine.
 * @returns null without such a destination.
 * @throws {UserFacingError} where it cannot be looked into.
 */
export const lookAtFailed = async (
  target: Pick<Target, 'stack' | 'onFailureFolder' | 'kafka'>,
): Promise<FailedBatches | null> => {
  const { stack, onFailureFolder: folder } = target;
  if (folder !== null) return inFolder(folder);
  const [destination, topic] = /^kafka:\/\/(.+)$/.exec(stack?.onFailure ?? '') ?? [];
  if (destination === undefined || topic === undefined) return null;
  const extents = await topicExtents(await target.kafka(), topic);
  const records = [...extents.values()].reduce((sum, { begin, end }) => sum + (end - begin), 0n);
  return { destination, batches: Number(records), isMore: false, oldest: null };
};

/** Counts the files of a folder: each has a batch. */
const inFolder = async (folder: string): Promise<FailedBatches> => {
  try {
    const files = (await readdir(folder, { withFileTypes: true })).filter((one) => one.isFile());
    const times = await Promise.all(
      files.map(async ({ name }) => (await stat(join(folder, name))).mtimeMs),
    );
    return {
      destination: folder,
      batches: files.length,
      isMore: false,
      oldest: times.length === 0 ? null : new Date(Math.min(...times)),
    };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserFacingError(`The on-failure folder ${folder} cannot be read (${code}).`, {
      cause: error,
    });
  }
};
