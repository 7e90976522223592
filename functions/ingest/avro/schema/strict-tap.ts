import { isUtf8 } from 'node:buffer';
import utils from 'avsc/lib/utils.js';
import { DecodeFailure } from '../decode-failure.ts';

/** The longest varint: ten bytes of seven bits hold 64 bits. */
const longestVarint = 10;

/** The fewest bytes of a map's entry: one of the key's length, and one of the value. */
export const smallestMapEntry = 2;

/**
 * A strict version of avsc's position in a value. avsc reads past the end silently, goes back where a length is negative, and
 * accepts text that is not UTF-8. This position only rises, and never beyond the end. Each step of a loop therefore takes a byte
 * or throws, which bounds the work by the bytes of the value.
 */
export class StrictTap extends utils.Tap {
  /**
   * The position. It is declared without an initial value, because avsc's constructor sets `pos` before fields would be
   * initialised.
   */
  declare private at: number | undefined;

  override get pos(): number {
    return this.at ?? 0;
  }

  /** Moves the position. @throws {DecodeFailure} where it would go back, or beyond the end. */
  override set pos(next: number) {
    if (!(next >= this.pos)) throw new DecodeFailure('a length is negative');
    if (next > this.buf.length) throw new DecodeFailure('truncated buffer');
    this.at = next;
  }

  /** Fails; avsc calls it at a negative length. */
  _invalidate(): void {
    throw new DecodeFailure('a length is negative');
  }

  /** Passes over a number, and returns its bytes. */
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

  /** Reads a long, rounded to the nearest number above 53 bits. */
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

  /** Reads a text. Node replaces bytes that are not UTF-8 by U+FFFD, so that the stored text would differ from the sent one. */
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
   * Reads the number of entries in the next block of an array or a map; 0 ends the blocks. A count that the remaining bytes
   * cannot hold is refused: the loop would take hours.
   * @param smallest the fewest bytes of an entry.
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
   * Visits the entries of an array or a map, in all blocks.
   * @param smallest the fewest bytes of an entry.
   * @param each reads or passes over an entry; null where entries have no bytes, so that they are not counted through.
   */
  forEachEntry(smallest: number, each: (() => void) | null): void {
    for (let count = this.blockCount(smallest); count !== 0; count = this.blockCount(smallest))
      if (each !== null) for (; count > 0; count -= 1) each();
  }
}

/** Decodes the number of a varint. */
export const longOf = (bytes: Uint8Array): bigint => {
  let zigzag = 0n;
  for (let index = 0; index < bytes.length; index += 1)
    zigzag |= BigInt((bytes[index] as number) & 0x7f) << BigInt(7 * index);
  return (zigzag >> 1n) ^ -(zigzag & 1n);
};
