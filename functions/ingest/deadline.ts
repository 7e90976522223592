/** Milliseconds kept at most: a request in flight ends within 4 s, and the checkpoint's write after it does too. */
const longestReserve = 10_000;

/** Short functions keep a third. */
const reserveShare = 1 / 3;

export interface Deadline extends Disposable {
  /** Aborted when no further write may begin: what is left is for those in flight and the checkpoint. */
  readonly signal: AbortSignal;
}

/** @param remaining milliseconds until the invocation is killed. */
export const deadline = (remaining: number): Deadline => {
  const abort = new AbortController();
  const reserve = Math.min(longestReserve, remaining * reserveShare);
  const timer = setTimeout(() => abort.abort(), remaining - reserve);
  // A timer that outlives its invocation would fire when the function thaws.
  return { signal: abort.signal, [Symbol.dispose]: () => clearTimeout(timer) };
};
