import type { Checkpoint } from './checkpoint.ts';
import type { KafkaRecord, TopicPartition } from './record.ts';
import type { Rejection } from './rejection.ts';
import type { UserEvent } from './user-event.ts';

/**
 * The three tables. Every write is an upsert that is durable when its promise resolves: twice is once.
 * Errors: TransientError (again in a moment), UnavailableError (wait for redelivery), RefusedError (this row never).
 */
export interface Stores {
  /** Null for a partition that has none yet. */
  readCheckpoint(partition: TopicPartition): Promise<Checkpoint | null>;
  writeCheckpoint(partition: TopicPartition, checkpoint: Checkpoint): Promise<void>;
  writeUserEvent(event: UserEvent): Promise<void>;
  writeRejected(record: KafkaRecord, rejection: Rejection): Promise<void>;
}
