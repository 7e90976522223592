import type { KafkaRecord } from '../record.ts';
import type { Rejection } from '../rejection.ts';
import { compositeKey } from './composite-key.ts';
import { partitionHash } from './partition-hash.ts';
import { rejectedEventValues } from './rejected-events.ts';
import type { Row } from './write-batch.ts';

interface Rejected {
  readonly record: KafkaRecord;
  readonly rejection: Rejection;
}

/** The rows of rejected records. Parameters as of `rejectedEventValues`. */
export const rejectedRows = (
  given: readonly Rejected[],
  now: number,
  ttlSeconds: number,
): RejectedRow[] => {
  const rows: RejectedRow[] = [];
  for (const { record, rejection } of given)
    rows.push(new RejectedRow(rejectedEventValues(record, rejection, now, ttlSeconds)));
  return rows;
};

/** A row of `rejected_events`, of the values that `rejectedEventValues` gives. */
export class RejectedRow implements Row {
  readonly values: (Buffer | null)[];
  readonly bytes: number;
  #routingKey: Buffer | null = null;

  constructor(values: (Buffer | null)[]) {
    this.values = values;
    let bytes = 0;
    for (const value of values) bytes += 4 + (value?.length ?? 0);
    this.bytes = bytes;
  }

  get columns(): number {
    return this.values.length;
  }

  /** Topic, day and partition. */
  get routingKey(): Buffer {
    this.#routingKey ??= compositeKey(this.values.slice(0, 3).filter((value) => value !== null));
    return this.#routingKey;
  }

  get partitionHash(): number {
    const [, day, partition] = this.values;
    return partitionHash(day?.readInt32BE() ?? 0, partition?.readInt32BE() ?? 0, 0, 0, 0);
  }

  isBeside(other: RejectedRow): boolean {
    return this.routingKey.equals(other.routingKey);
  }

  /** Bytes that Cassandra 5.0 counts for it at most, for the times of its cells (test/integration/write-batch.test.ts). */
  get stored(): number {
    return this.bytes + 170;
  }

  encode(into: Buffer, start: number): void {
    let at = start;
    for (const value of this.values) {
      at = into.writeInt32BE(value?.length ?? -1, at);
      at += value?.copy(into, at) ?? 0;
    }
  }
}
