import type { Rejection } from '../../functions/ingest/event/rejection.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import type { Checkpoint } from '../../functions/ingest/pipeline/checkpoint.ts';
import {
  at,
  type KafkaRecord,
  type TopicPartition,
} from '../../functions/ingest/pipeline/kafka-record.ts';
import type {
  NonEmptyArray,
  Stores,
  WriteRequest,
} from '../../functions/ingest/pipeline/stores.ts';

/** One call of a store, before it takes effect. */
export type Effect =
  | { readonly kind: 'read-checkpoint' | 'checkpoint'; readonly partition: TopicPartition }
  | { readonly kind: 'user-event'; readonly event: UserEvent }
  | { readonly kind: 'rejected'; readonly record: KafkaRecord; readonly rejection: Rejection };

/** The three tables in memory. They pass the same contract tests as the real ones (stores-contract.ts). */
export class MemoryStores implements Stores {
  /** The rows of user_events by their keys. */
  readonly userEvents = new Map<string, UserEvent>();
  readonly rejected = new Map<string, Rejection>();
  readonly rejectedRecords = new Map<string, KafkaRecord>();
  readonly checkpoints = new Map<string, Checkpoint>();
  /** The number of rows that a request writes. */
  together = 1;
  /** A hook that is awaited before each call takes effect: a test can delay the call, or make it fail. */
  before: (effect: Effect) => Promise<void> | void = () => {};

  async readCheckpoint(partition: TopicPartition): Promise<Checkpoint | null> {
    await this.before({ kind: 'read-checkpoint', partition });
    return this.checkpoints.get(name(partition)) ?? null;
  }

  async writeCheckpoint(partition: TopicPartition, checkpoint: Checkpoint): Promise<void> {
    await this.before({ kind: 'checkpoint', partition });
    this.checkpoints.set(name(partition), checkpoint);
  }

  planUserEventWrites<Row extends { readonly event: UserEvent }>(
    rows: readonly Row[],
  ): WriteRequest<Row>[] {
    return this.#writes(rows, async ({ event }) => {
      await this.before({ kind: 'user-event', event });
      this.userEvents.set(event.rowKey, event);
    });
  }

  planRejectedWrites<Row extends { readonly record: KafkaRecord; readonly rejection: Rejection }>(
    rows: readonly Row[],
  ): WriteRequest<Row>[] {
    return this.#writes(rows, async ({ record, rejection }) => {
      await this.before({ kind: 'rejected', record, rejection });
      this.rejected.set(at(record), rejection);
      this.rejectedRecords.set(at(record), record);
    });
  }

  /** Plans requests whose rows are written one after the other: if one fails, the rows before it have been written. */
  #writes<Row>(rows: readonly Row[], writeRow: (row: Row) => Promise<void>): WriteRequest<Row>[] {
    const writes: WriteRequest<Row>[] = [];
    for (let start = 0; start < rows.length; start += this.together) {
      const batch = rows.slice(start, start + this.together) as unknown as NonEmptyArray<Row>;
      writes.push({
        rows: batch,
        write: async () => {
          for (const row of batch) await writeRow(row);
        },
      });
    }
    return writes;
  }
}
const name = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;
