import type { Rejection } from '../../event/rejection.ts';
import type { KafkaRecord } from '../../pipeline/kafka-record.ts';
import { compositeKey } from './composite-key.ts';
import { int } from './cql.ts';
import { partitionHash } from './partition-hash.ts';
import { rejectedEventValues } from './rejected-events.ts';
import type { Rows } from './rows.ts';

interface Rejected {
  readonly record: KafkaRecord;
  readonly rejection: Rejection;
}

/** The rows of rejected records. Parameters as of `rejectedEventValues`. */
export const rejectedRows = (
  given: readonly Rejected[],
  now: number,
  ttlSeconds: number,
): RejectedRows =>
  new RejectedRows(
    given.map(({ record, rejection }) => rejectedEventValues(record, rejection, now, ttlSeconds)),
  );

/** Topic, day and partition. */
const partitionColumns = 3;

/** Rows of `rejected_events`, of the values that `rejectedEventValues` gives: the TTL is the last one. */
export class RejectedRows implements Rows {
  readonly #values: readonly (Buffer | null)[][];

  constructor(values: readonly (Buffer | null)[][]) {
    this.#values = values;
  }

  /** Makes all rows expire after so many seconds; 0 keeps them for ever. */
  expireAfter(seconds: number): void {
    for (const values of this.#values) values[values.length - 1] = int(seconds);
  }

  get count(): number {
    return this.#values.length;
  }

  get columns(): number {
    return this.#values[0]?.length ?? 0;
  }

  values(index: number): (Buffer | null)[] {
    return this.#values[index] ?? [];
  }

  requestBytes(index: number): number {
    let bytes = 0;
    for (const value of this.values(index)) bytes += 4 + (value?.length ?? 0);
    return bytes;
  }

  routingKey(index: number): Buffer {
    const columns = this.values(index).slice(0, partitionColumns);
    return compositeKey(columns.filter((value) => value !== null));
  }

  partitionHash(index: number): number {
    const [, day, partition] = this.values(index);
    return partitionHash(day?.readInt32BE() ?? 0, partition?.readInt32BE() ?? 0, 0, 0, 0);
  }

  samePartition(one: number, other: number): boolean {
    const values = this.values(one);
    const others = this.values(other);
    for (let column = 0; column < partitionColumns; column += 1)
      if (!isSame(values[column], others[column])) return false;
    return true;
  }

  /** Bytes that Cassandra 5.0 counts for it at most, for the times of its cells (test/integration/write-batch.test.ts). */
  mutationBytes(index: number): number {
    return this.requestBytes(index) + 170;
  }

  encode(index: number, into: Buffer, start: number): number {
    let at = start;
    for (const value of this.values(index)) {
      at = into.writeInt32BE(value?.length ?? -1, at);
      at += value?.copy(into, at) ?? 0;
    }
    return at;
  }
}

const isSame = (one: Buffer | null | undefined, other: Buffer | null | undefined): boolean =>
  one && other ? one.equals(other) : one === other;
