import type { Rejection } from '../event/rejection.ts';
import type { UserEvent } from '../event/user-event.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { KafkaRecord, TopicPartition } from './kafka-record.ts';
import type { Several } from './row-groups.ts';

/** Rows that one request writes. */
export interface RowsWrite<Row> {
  /** In the order given. */
  readonly rows: Several<Row>;
  /** Not all or none: after an error any of the rows may have been written. Can be called again. */
  write(): Promise<void>;
}

/**
 * The three tables. Every write is an upsert that is durable when its promise resolves: twice is once.
 * Errors: TransientError (again in a moment), UnavailableError (wait for redelivery), RefusedError (this row never; of
 * several rows, one of them at least).
 */
export interface Stores {
  /** Null for a partition that has none yet. */
  readCheckpoint(partition: TopicPartition): Promise<Checkpoint | null>;
  writeCheckpoint(partition: TopicPartition, checkpoint: Checkpoint): Promise<void>;
  /**
   * Cuts rows into requests, in the order of the first row of each; nothing is written yet.
   * @param rows no two of one key.
   */
  userEventWrites<Row extends { readonly event: UserEvent }>(
    rows: readonly Row[],
  ): RowsWrite<Row>[];
  /** The same for `rejected_events`, whose rows have their record's position as key. */
  rejectedWrites<Row extends { readonly record: KafkaRecord; readonly rejection: Rejection }>(
    rows: readonly Row[],
  ): RowsWrite<Row>[];
}
