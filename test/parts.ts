import { isOf, sharesServers, withoutServers } from './suites.ts';

/** Files of one kind. Parts run side by side. */
export interface Part {
  readonly files: readonly string[];
  /** The files that run at once, each in a process of its own; or `in one process` for one after the other in the same. */
  readonly atOnce: number | 'in one process';
}

/**
 * Divides files into parts. Those that share servers are one part, and those with servers of their own the next: they wait for a part of
 * their time, and begin first. Suites without servers follow.
 */
export const partsOf = (files: readonly string[]): Part[] => {
  const shared = files.filter(sharesServers);
  const rest = files.filter((file) => !shared.includes(file));
  return [
    { files: shared, atOnce: 2 },
    { files: rest.filter((file) => !isOf(withoutServers, file)), atOnce: 1 },
    ...withoutServers.map((suite) => ({
      files: rest.filter((file) => isOf([suite], file)),
      atOnce: 'in one process' as const,
    })),
  ].filter((part) => part.files.length > 0);
};
