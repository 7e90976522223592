import { statfs } from 'node:fs/promises';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

const gigabyte = 1e9;

/**
 * Checks the free space of a folder's disk.
 * @throws {UserFacingError} where the disk has less than `bytes` free.
 */
export const assertDiskSpace = async (folder: string, bytes: number): Promise<void> => {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < bytes)
    throw new UserFacingError(
      `The disk of ${folder} is nearly full: ${(free / gigabyte).toFixed(1)} GB are free and ` +
        `${(bytes / gigabyte).toFixed(1)} GB are needed for the servers' data. Free some space, or set TMPDIR to a ` +
        'place that has it.',
    );
};
