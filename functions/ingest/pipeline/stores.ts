import type { Rejection } from '../event/rejection.ts';
import type { UserEvent } from '../event/user-event.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { KafkaRecord, TopicPartition } from './kafka-record.ts';

/** A list of one item or more. */
export type NonEmptyArray<T> = readonly [T, ...T[]];

/** A request that writes rows. */
export interface WriteRequest<Row> {
  /** The rows, in the order given. */
  readonly rows: NonEmptyArray<Row>;
  /** Writes the rows, not all or none: after an error any of them may have been written. Can be called again. */
  write(): Promise<void>;
}

/**
 * The port to the function’s three tables. Every write is an upsert that is durable when its promise resolves: twice is once.
 * Errors: TransientError (again in a moment), UnavailableError (wait for redelivery), RefusedError (this row never; of
 * several rows, one of them at least).
 */
export interface Stores {
  /** Reads a partition's checkpoint; null where it has none yet. */
  readCheckpoint(partition: TopicPartition): Promise<Checkpoint | null>;
  writeCheckpoint(partition: TopicPartition, checkpoint: Checkpoint): Promise<void>;
  /**
   * Cuts rows of `user_events` into requests, in the order of the first row of each; nothing is written yet.
   * @param rows no two of one key.
   */
  planUserEventWrites<Row extends { readonly event: UserEvent }>(
    rows: readonly Row[],
  ): WriteRequest<Row>[];
  /** Cuts rows of `rejected_events` into requests in the same way; their key is their record's position. */
  planRejectedWrites<Row extends { readonly record: KafkaRecord; readonly rejection: Rejection }>(
    rows: readonly Row[],
  ): WriteRequest<Row>[];
}
