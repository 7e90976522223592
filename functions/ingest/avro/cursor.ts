import { isUtf8 } from 'node:buffer';
import type { Span } from '../span.ts';
import { Fault } from './fault.ts';
import { uuidText } from './uuid-text.ts';

/** Ten bytes of seven bits hold 64. */
const longestVarint = 10;

/** Bytes whose 7 bits each fit the whole numbers of a double without rounding. */
const exactVarint = 7;

/** What `toString('utf8', …)` calls when it has checked its arguments, which takes as long as reading a short text. */
interface Utf8Buffer extends Buffer {
  utf8Slice(start: number, end: number): string;
}

/** Levels of records within records; each level may come without a byte of the value. */
const deepest = 100;

/**
 * Reads Avro's primitives from one value, strictly: past its end, a negative length, a long of more than 64 bits and text
 * that is not UTF-8 are errors. Their messages name the fault, never the contents.
 * https://avro.apache.org/docs/1.12.0/specification/#binary-encoding
 */
export class Cursor {
  #bytes = Buffer.alloc(0) as Buffer as Utf8Buffer;
  #position = 0;
  #end = 0;
  #depth = 0;

  /** Begins with another value: one cursor serves all, for decoding never waits. */
  open({ bytes, start, end }: Span, position = start): void {
    this.#bytes = bytes as Utf8Buffer;
    this.#position = position;
    this.#end = end;
    this.#depth = 0;
  }

  /** @throws where the value goes on. */
  close(): void {
    if (this.#position < this.#end) throw new Fault('trailing data');
  }

  get remaining(): number {
    return this.#end - this.#position;
  }

  get position(): number {
    return this.#position;
  }

  /** Goes back to where something was read. */
  seek(position: number): void {
    this.#position = position;
  }

  skip(length: number): void {
    if (!(length >= 0)) throw new Fault('a length is negative');
    if (length > this.remaining) throw new Fault('truncated buffer');
    this.#position += length;
  }

  /** Where the next bytes begin, which are then passed over. */
  #take(length: number): number {
    const start = this.#position;
    this.skip(length);
    return start;
  }

  /** An int or a long; the nearest number where 53 bits do not hold it. */
  long(): number {
    const start = this.#position;
    let position = start;
    let byte = this.#at(position);
    // Up to four bytes in whole numbers of 32 bits, which is most.
    let zigzag = byte & 0x7f;
    for (let shift = 7; byte >= 0x80 && shift < 28; shift += 7) {
      position += 1;
      byte = this.#at(position);
      zigzag |= (byte & 0x7f) << shift;
    }
    if (byte < 0x80) {
      this.#position = position + 1;
      return (zigzag >>> 1) ^ -(zigzag & 1);
    }
    for (let scale = 2 ** 28; byte >= 0x80; scale *= 128) {
      position += 1;
      if (position - start >= exactVarint) return Number(this.bigLong());
      byte = this.#at(position);
      zigzag += (byte & 0x7f) * scale;
    }
    this.#position = position + 1;
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  /** A long to its last digit. */
  bigLong(): bigint {
    let zigzag = 0n;
    for (let index = 0; index < longestVarint; index += 1) {
      const byte = this.#at(this.#position);
      this.#position += 1;
      zigzag |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return (zigzag >> 1n) ^ -(zigzag & 1n);
    }
    throw new Fault('a number has more than 10 bytes');
  }

  /**
   * Text that is UTF-8. Node replaces bytes that are not by U+FFFD, and the text stored would not be the text sent.
   */
  text(): string {
    const length = this.long();
    const start = this.#take(length);
    const text = this.#bytes.utf8Slice(start, start + length);
    if (text.includes('\uFFFD') && !isUtf8(this.#bytes.subarray(start, start + length)))
      throw new Fault('a string is not UTF-8');
    return text;
  }

  /** A uuid of 16 bytes, as text. */
  uuid(): string {
    return uuidText(this.#bytes, this.#take(16));
  }

  /**
   * How many entries the next block of an array or a map has; 0 ends them. A count that the remaining bytes cannot hold
   * is refused: it would be looped over for hours.
   * @param smallest bytes of an entry at the least.
   */
  blockCount(smallest: number): number {
    let count = this.long();
    if (count < 0) {
      count = -count;
      this.long(); // the block's size in bytes
    }
    if (!(count * smallest <= this.remaining))
      throw new Fault('a block has more entries than bytes');
    return count;
  }

  /** One level of records within records. */
  nested(read: (cursor: Cursor) => void): void {
    this.#depth += 1;
    if (this.#depth > deepest) throw new Fault(`records are nested more than ${deepest} deep`);
    read(this);
    this.#depth -= 1;
  }

  #at(position: number): number {
    if (position >= this.#end) throw new Fault('truncated buffer');
    return this.#bytes[position] as number;
  }
}
