import pLimit from 'p-limit';
import pRetry from 'p-retry';
import type { Deadline } from './deadlines.ts';
import { OutOfTimeError, TransientError } from './errors.ts';

/** How many requests run side by side, and when one is tried again; for the life of the function's environment. */
export interface FlowControl {
  /**
   * Runs a request when fewer than the limit are running, in the order of the calls, and again after a pause whenever
   * it fails with a TransientError, until the deadline. No attempt begins after it.
   * @param attempts how many, at the most; as many as there is time for unless given.
   * @throws {OutOfTimeError} where it could not begin even once; else what the last attempt failed with.
   */
  request<T>(request: () => Promise<T>, deadline: Deadline, attempts?: number): Promise<T>;
  /** How many requests may run side by side now. */
  readonly concurrency: number;
  /** Attempts so far that failed with a TransientError. */
  readonly transientFailures: number;
  /** Makes a flow control for one caller: it shares this limit, and counts the caller's transient failures by themselves. */
  scope(): FlowControl;
}

/** Milliseconds: the first pause, doubled with each attempt, and lengthened by up to as much again at random. */
const firstPause = 50;
/** Milliseconds: how long a pause gets, between these two; p-retry cuts it off, jitter and all, so the end is random too. */
const longestPause = { least: 1_000, most: 2_000 };

/**
 * Additive increase, multiplicative decrease (Chiu and Jain, 1989; TCP's congestion avoidance): a transient failure halves
 * the concurrency, a full window of successes raises it by one. Of the requests that ran side by side one failure counts:
 * they all met the same overload.
 * @param most requests side by side when all is well.
 */
export const createFlowControl = (most: number): FlowControl => {
  const limit = pLimit(most);
  let begun = 0;
  /** Failures of requests that began up to this one are answered by the last decrease. */
  let answeredUpTo = 0;
  let successes = 0;

  const increase = (): void => {
    successes += 1;
    if (successes < limit.concurrency || limit.concurrency === most) return;
    successes = 0;
    limit.concurrency += 1;
  };
  const decrease = (failed: number): void => {
    if (failed <= answeredUpTo) return;
    answeredUpTo = begun;
    successes = 0;
    limit.concurrency = Math.max(1, Math.floor(limit.concurrency / 2));
  };

  const scope = (): FlowControl => {
    let transientFailures = 0;
    const attempt = async <T>(request: () => Promise<T>): Promise<T> => {
      begun += 1;
      const number = begun;
      try {
        const result = await request();
        increase();
        return result;
      } catch (error) {
        if (error instanceof TransientError) {
          transientFailures += 1;
          decrease(number);
        }
        throw error;
      }
    };
    return {
      async request<T>(
        request: () => Promise<T>,
        deadline: Deadline,
        attempts = Number.POSITIVE_INFINITY,
      ) {
        let failure: Error | undefined;
        const inTime = () => {
          if (deadline.left() > 0) return attempt(request);
          throw failure ?? new OutOfTimeError('no time was left to begin the request');
        };
        try {
          return await limit(inTime);
        } catch (error) {
          if (!(error instanceof TransientError)) throw error;
          failure = error;
        }
        // Most requests come no further: what tries again is set up for the others, and begins with the failure that there was.
        let tried = false;
        const again = (): Promise<T> => {
          if (tried) return limit(inTime);
          tried = true;
          throw failure;
        };
        return pRetry(again, {
          retries: attempts - 1,
          minTimeout: firstPause,
          maxTimeout: longestPause.least + Math.random() * (longestPause.most - longestPause.least),
          randomize: true,
          // Also cuts a pause short. Not a signal: p-retry would throw a success away that comes after the deadline.
          maxRetryTime: Math.max(0, deadline.left()),
          shouldRetry: ({ error }) => error instanceof TransientError,
          onFailedAttempt: ({ error }) => {
            failure = error;
          },
        });
      },
      get concurrency() {
        return limit.concurrency;
      },
      get transientFailures() {
        return transientFailures;
      },
      scope,
    };
  };
  return scope();
};
