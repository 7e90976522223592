import { IngestError } from './errors.ts';
import type { PartitionResult } from './outcome.ts';
import { at } from './record.ts';
import { reasons } from './rejection.ts';

/** Counts of one invocation; what its log line says. */
interface BatchCounts {
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
  rejected: Record<string, number>;
}

const countOutcomes = (results: readonly PartitionResult[]): BatchCounts => {
  const counts = { records: 0, written: 0, future: 0, superseded: 0, dropped: 0, failed: 0 };
  const rejected = new Map<string, number>();
  for (const outcome of results.flatMap(({ outcomes }) => outcomes)) {
    counts.records += 1;
    if (outcome.kind === 'rejected')
      rejected.set(outcome.reason, (rejected.get(outcome.reason) ?? 0) + 1);
    else counts[outcome.kind] += 1;
    if (outcome.kind === 'written' && outcome.future) counts.future += 1;
  }
  const byReason = reasons.flatMap((reason) => {
    const count = rejected.get(reason);
    return count === undefined ? [] : [[reason, count] as const];
  });
  return { ...counts, rejected: Object.fromEntries(byReason) };
};

/** What an invocation took. */
interface Effort {
  readonly durationMs: number;
  /** Requests that failed and were tried again, or would have been with more time. */
  readonly transientFailures: number;
  /** Requests that may run side by side, at its end. */
  readonly concurrency: number;
}

/** The line of an invocation: counts, and where each partition stands. Holds no contents of records. */
export const batchLine = (
  results: readonly PartitionResult[],
  { durationMs, transientFailures, concurrency }: Effort,
): object => ({
  level: results.some(({ outcomes }) => outcomes.at(-1)?.kind === 'failed') ? 'WARN' : 'INFO',
  message: 'batch',
  ...countOutcomes(results),
  durationMs: Math.round(durationMs * 10) / 10,
  transientFailures,
  concurrency,
  partitions: results.map(({ batch, outcomes, checkpoint }) => ({
    partition: batch.identifier,
    first: batch.records[0].offset,
    records: batch.records.length,
    nextOffset: checkpoint?.nextOffset ?? null,
    maxEventTime: checkpoint?.maxEventTime ?? null,
    ...firstFailure({ batch, outcomes }),
  })),
});

const firstFailure = ({ batch, outcomes }: Pick<PartitionResult, 'batch' | 'outcomes'>): object => {
  const index = outcomes.findIndex(({ kind }) => kind === 'failed');
  const outcome = outcomes[index];
  const record = batch.records[index];
  return outcome?.kind === 'failed' && record !== undefined
    ? { failedFrom: at(record), ...errorFields(outcome.error) }
    : {};
};

/** The line of an invocation that failed whole. */
export const failureLine = (error: unknown): object => ({
  level: 'ERROR',
  message: 'the invocation failed; its batch will be delivered again',
  ...errorFields(error),
});

const errorFields = (error: unknown): object =>
  error instanceof Error
    ? {
        error: error.name,
        reason: error.message,
        ...(error instanceof IngestError ? { retryable: error.retryable } : { stack: error.stack }),
      }
    : { error: typeof error };
