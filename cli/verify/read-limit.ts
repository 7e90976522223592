import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';

/** Holds back reads of the database: so many a second, and so many at once. */
export interface ReadLimit {
  /** Waits for a turn to read. */
  readonly turn: () => Promise<void>;
  /** Runs a task when fewer than the most at once are running. */
  readonly run: <T>(task: () => Promise<T>) => Promise<T>;
}

/** How far reads may be ahead of the rate, in milliseconds: a timer is no finer than this. */
const aheadMs = 20;

/** @param perSecond the reads a second. */
export const createReadLimit = (
  perSecond: number,
  atOnce: number,
  signal: AbortSignal,
): ReadLimit => {
  const limit = pLimit(atOnce);
  const each = 1_000 / perSecond;
  let next = performance.now();
  return {
    async turn() {
      signal.throwIfAborted();
      const now = performance.now();
      next = Math.max(next, now - aheadMs) + each;
      const wait = next - now;
      if (wait > aheadMs) await delay(wait, undefined, { signal });
    },
    run: (task) => limit(task),
  };
};
