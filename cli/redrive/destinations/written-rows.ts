import type { Delivery } from '../../../functions/ingest/pipeline/delivery.ts';
import type { KafkaRecord } from '../../../functions/ingest/pipeline/kafka-record.ts';
import type { Ready } from './destination.ts';

/** A record whose row is to be written. */
export interface Written {
  readonly ready: Ready;
  readonly delivery: Delivery;
  readonly key: string;
  /** True where another record's row stands there. */
  readonly over: boolean;
}

/** The rows that are remembered. */
const most = 50_000;

/**
 * Remembers the rows that a task has written last, and by which records: of one partition the later record has the row, as it would have had
 * on its way through the function.
 */
export class WrittenRows {
  readonly #records = new Map<string, Pick<KafkaRecord, 'topic' | 'partition' | 'offset'>>();

  note(key: string, { topic, partition, offset }: KafkaRecord): void {
    this.#records.delete(key);
    this.#records.set(key, { topic, partition, offset });
    if (this.#records.size <= most) return;
    const [oldest] = this.#records.keys();
    if (oldest !== undefined) this.#records.delete(oldest);
  }

  has(key: string): boolean {
    return this.#records.has(key);
  }

  /** Tells whether a row was written by an earlier record of the same partition. */
  isEarlier(key: string, { topic, partition, offset }: KafkaRecord): boolean {
    const record = this.#records.get(key);
    return (
      record !== undefined &&
      record.topic === topic &&
      record.partition === partition &&
      record.offset < offset
    );
  }
}
