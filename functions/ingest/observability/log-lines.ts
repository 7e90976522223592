import { IngestError } from '../pipeline/errors.ts';
import { at } from '../pipeline/kafka-record.ts';
import { firstFailed, type PartitionResult } from '../pipeline/outcome.ts';
import { type BatchCounts, type Effort, transientFailuresOf } from './counts.ts';

/** The line of an invocation: counts, and where each partition stands. Holds no contents of records. */
export const batchLine = (
  results: readonly PartitionResult[],
  counts: BatchCounts,
  { durationMs, concurrency }: Effort,
): object => ({
  level: counts.failed > 0 ? 'WARN' : 'INFO',
  message: 'batch',
  ...counts,
  durationMs: Math.round(durationMs * 10) / 10,
  transientFailures: transientFailuresOf(results),
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
  const index = firstFailed(outcomes);
  const outcome = outcomes[index];
  const record = batch.records[index];
  return outcome?.kind === 'failed' && record !== undefined
    ? { failedFrom: at(record), ...errorFields(outcome.error) }
    : {};
};

/** The line of a setting that somebody may regret, once when the function starts. */
export const warningLine = ({
  setting,
  text,
}: {
  readonly setting: string;
  readonly text: string;
}): object => ({
  level: 'WARN',
  message: text,
  setting,
});

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
