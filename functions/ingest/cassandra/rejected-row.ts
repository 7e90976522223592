import { compositeKey } from './composite-key.ts';
import type { Row } from './write-batch.ts';

/** A row of `rejected_events`, of the values that `rejectedEventValues` gives. */
export class RejectedRow implements Row {
  readonly values: (Buffer | null)[];
  readonly bytes: number;

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
    return compositeKey(this.values.slice(0, 3).filter((value) => value !== null));
  }

  get partition(): string {
    return this.routingKey.toString('latin1');
  }

  /** Bytes that the server counts for it, at most about so many: for each column some for its timestamps. */
  get stored(): number {
    return this.bytes + 20 * this.columns;
  }

  encode(into: Buffer, start: number): void {
    let at = start;
    for (const value of this.values) {
      at = into.writeInt32BE(value?.length ?? -1, at);
      at += value?.copy(into, at) ?? 0;
    }
  }
}
