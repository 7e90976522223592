import type { Reason } from '../event/rejection.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { IngestError } from './errors.ts';
import type { PartitionBatch } from './kafka-record.ts';
import type { MaxEventTime } from './watermark.ts';

/** The outcome of one record. Only `failed` waits for redelivery; the others are done for good. */
export type Outcome =
  /** A row of `user_events`; `future`: its time did not move the maximum. */
  | { readonly kind: 'written'; readonly future: boolean }
  /** Its row has the key of a later record of the batch, and that one was written. */
  | { readonly kind: 'superseded'; readonly by: number }
  /** A row of `rejected_events`. */
  | { readonly kind: 'rejected'; readonly reason: Reason; readonly detail: string }
  /** Late, and late events are not kept (LATE_EVENTS=drop): only counted. */
  | { readonly kind: 'dropped'; readonly reason: 'late' }
  /** The record is not handled, or stands behind one that is not. */
  | { readonly kind: 'failed'; readonly error: IngestError };

/** Finds the index of the first failed outcome, or −1. All behind a failed one have failed, so the last tells whether there is any. */
export const firstFailed = (outcomes: readonly Outcome[]): number =>
  outcomes.at(-1)?.kind === 'failed' ? outcomes.findIndex(({ kind }) => kind === 'failed') : -1;

/** The results of one partition's batch. */
export interface PartitionResult {
  readonly batch: PartitionBatch;
  /** One for each of the batch's records, in their order; from the first failed one on all are failed. */
  readonly outcomes: readonly Outcome[];
  /** The checkpoint that was written; null where nothing was handled. */
  readonly checkpoint: Checkpoint | null;
  /** Requests that failed and were tried again, or would have been with more time. */
  readonly transientFailures: number;
  /** The maximum on reaching the batch. */
  readonly startMaxEventTime: MaxEventTime;
  /** Milliseconds, by the wall clock. */
  readonly took: {
    /** The rows of all its records. */
    readonly writes: number;
    /** Reading and writing its checkpoint. */
    readonly checkpoint: number;
  };
}
