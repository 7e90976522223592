import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';

/** The milliseconds at the end of an invocation in which the command closes what is open, and its files go to the bucket. */
const reserveMs = 60_000;

/**
 * The milliseconds after which a command that can go on in another invocation is broken off, so that its lines come to whoever waits. It is
 * below the 350 seconds after which NAT gateways forget a connection that nothing is sent over.
 */
const sliceMs = 180_000;

/** The time that a command has in an invocation. */
export interface TimeLimit extends Disposable {
  /** Is aborted when the time is up. */
  readonly signal: AbortSignal;
  /** Ends the time sooner, for the command can go on in another invocation. */
  readonly allowSlices: () => void;
}

/**
 * Limits the time of a command.
 * @param remainingMs the milliseconds that the invocation has left.
 * @param slices the slices that a command may take that can go on in another invocation.
 */
export const limitTime = (remainingMs: number, slices: number): TimeLimit => {
  const abort = new AbortController();
  const began = performance.now();
  const up = (): void => abort.abort(new UserFacingError('The time of the function was up.'));
  const last = setTimeout(up, Math.max(remainingMs - reserveMs, remainingMs / 2));
  let slice: NodeJS.Timeout | undefined;
  return {
    signal: abort.signal,
    allowSlices() {
      slice ??= setTimeout(up, Math.max(0, slices * sliceMs - (performance.now() - began)));
    },
    [Symbol.dispose]() {
      clearTimeout(last);
      clearTimeout(slice);
    },
  };
};
