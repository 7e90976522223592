import { isUtf8 } from 'node:buffer';
import utils from 'avsc/lib/utils.js';
import { DecodeFailure } from '../decode-failure.ts';

/** Ten bytes of seven bits hold 64. */
const longestVarint = 10;

/**
 * avsc's position in a value, made strict: avsc reads past the end without a word, goes back where a length is negative, and takes
 * text that is not UTF-8. Here the position only rises, and never above the end. So each step of a loop takes a byte or throws, which
 * bounds the work by the bytes of the value.
 */
export class StrictTap extends utils.Tap {
  /** The position. It is declared and not initialised: avsc's constructor sets `pos` before fields would be. */
  declare private at: number | undefined;

  override get pos(): number {
    return this.at ?? 0;
  }

  /** @throws {DecodeFailure} where it would go back or beyond the end. */
  override set pos(next: number) {
    if (!(next >= this.pos)) throw new DecodeFailure('a length is negative');
    if (next > this.buf.length) throw new DecodeFailure('truncated buffer');
    this.at = next;
  }

  /** avsc calls it at a negative length. */
  _invalidate(): void {
    throw new DecodeFailure('a length is negative');
  }

  /** The bytes of a number, which are passed over. */
  #varint(): Buffer {
    const start = this.pos;
    for (let length = 1; length <= longestVarint; length += 1) {
      const byte = this.buf[this.pos] as number;
      this.pos += 1;
      if (byte < 0x80) {
        if (length === longestVarint && byte > 1)
          throw new DecodeFailure('a number has more than 64 bits');
        return this.buf.subarray(start, this.pos);
      }
    }
    throw new DecodeFailure(`a number has more than ${longestVarint} bytes`);
  }

  /** Reads a long; the nearest number where 53 bits do not hold it. */
  override readLong(): number {
    const bytes = this.#varint();
    if (bytes.length > 4) return Number(longOf(bytes));
    let zigzag = 0;
    for (let index = 0; index < bytes.length; index += 1)
      zigzag |= ((bytes[index] as number) & 0x7f) << (7 * index);
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  override readInt(): number {
    const value = this.readLong();
    if (value !== (value | 0)) throw new DecodeFailure('an int has more than 32 bits');
    return value;
  }

  override skipLong(): void {
    this.#varint();
  }

  override skipInt(): void {
    this.#varint();
  }

  override readBoolean(): boolean {
    const byte = this.buf[this.pos] as number;
    this.pos += 1;
    if (byte > 1) throw new DecodeFailure('a boolean is neither 0 nor 1');
    return byte === 1;
  }

  /** Node replaces bytes that are not UTF-8 by U+FFFD, and the text stored would not be the text sent. */
  override readString(): string {
    const length = this.readLong();
    const start = this.pos;
    this.pos += length;
    const text = this.buf.toString('utf8', start, this.pos);
    if (text.includes('\uFFFD') && !isUtf8(this.buf.subarray(start, this.pos)))
      throw new DecodeFailure('a string is not UTF-8');
    return text;
  }

  /**
   * Reads how many entries the next block of an array or a map has; 0 ends them. A count that the remaining bytes cannot hold is
   * refused: it would be looped over for hours.
   * @param smallest bytes of an entry at the least.
   */
  blockCount(smallest: number): number {
    let count = this.readLong();
    if (count < 0) {
      count = -count;
      this.skipLong(); // the block's size in bytes
    }
    if (!(count * smallest <= this.buf.length - this.pos))
      throw new DecodeFailure('a block has more entries than bytes');
    return count;
  }

  /**
   * Goes through the entries of an array or a map, in all of its blocks.
   * @param smallest bytes of an entry at the least.
   * @param each reads or passes over one; null where an entry takes no byte, so that nothing is to be done however many there are.
   */
  forEachEntry(smallest: number, each: (() => void) | null): void {
    for (let count = this.blockCount(smallest); count !== 0; count = this.blockCount(smallest))
      if (each !== null) for (; count > 0; count -= 1) each();
  }
}

/** The number of a varint's bytes. */
export const longOf = (bytes: Uint8Array): bigint => {
  let zigzag = 0n;
  for (let index = 0; index < bytes.length; index += 1)
    zigzag |= BigInt((bytes[index] as number) & 0x7f) << BigInt(7 * index);
  return (zigzag >> 1n) ^ -(zigzag & 1n);
};
