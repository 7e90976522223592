import { type Reason, reasons } from '../event/rejection.ts';
import type { PartitionResult } from '../pipeline/outcome.ts';

/** What became of an invocation's records. */
export interface BatchCounts {
  records: number;
  written: number;
  /** Events stored whose time did not move the maximum. */
  future: number;
  /** Records whose row a later record of the batch took. */
  superseded: number;
  /** Late events that were only counted (LATE_EVENTS=drop). */
  dropped: number;
  failed: number;
  /** By reason; only those that occurred. */
  rejected: { readonly [R in Reason]?: number };
}

export const countOutcomes = (results: readonly PartitionResult[]): BatchCounts => {
  const counts = { records: 0, written: 0, future: 0, superseded: 0, dropped: 0, failed: 0 };
  const rejected = new Map<Reason, number>();
  for (const { outcomes } of results)
    for (const outcome of outcomes) {
      counts.records += 1;
      // Not `counts[outcome.kind] += 1`: a property that is looked up by its name takes three times as long.
      switch (outcome.kind) {
        case 'written':
          counts.written += 1;
          if (outcome.future) counts.future += 1;
          break;
        case 'rejected':
          rejected.set(outcome.reason, (rejected.get(outcome.reason) ?? 0) + 1);
          break;
        case 'superseded':
          counts.superseded += 1;
          break;
        case 'dropped':
          counts.dropped += 1;
          break;
        case 'failed':
          counts.failed += 1;
          break;
      }
    }
  const byReason = reasons.flatMap((reason) => {
    const count = rejected.get(reason);
    return count === undefined ? [] : [[reason, count] as const];
  });
  return { ...counts, rejected: Object.fromEntries(byReason) };
};

/** Requests of an invocation that failed and were tried again, or would have been with more time. */
export const transientFailuresOf = (results: readonly PartitionResult[]): number =>
  results.reduce((sum, { transientFailures }) => sum + transientFailures, 0);

/** What an invocation took. */
export interface Effort {
  readonly durationMs: number;
  /** Requests that may run side by side, at its end. */
  readonly concurrency: number;
}
