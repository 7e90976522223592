import type { ByteRange } from '../../bytes/byte-range.ts';
import type { EventLayout } from '../../bytes/event-layout.ts';
import { EventView } from '../../bytes/event-view.ts';
import { isUtf8Between } from '../../bytes/utf8.ts';
import { readUuid, uuidLength } from '../../bytes/uuid-bytes.ts';
import { longestKeyText } from '../../event/limits.ts';
import { isReadable } from '../../event/readable-time.ts';
import { op, type ScanProgram } from './scan-program.ts';

/** Keys of a map are compared with one another: maps with more entries are left to the decoder of all values. */
const mostEntries = 16;

/** A key takes a byte at least, and so does its value. */
const smallestEntry = 2;

const twoTo28 = 2 ** 28;
const twoTo32 = 2 ** 32;

/**
 * Checks values without taking them apart, by the program of their writer's schema: an event's texts stay where they are, and where
 * they lie is written into its slots. What is unusual or invalid is left to the decoder of all values, which has the words for it.
 */
export class EventScanner {
  readonly #layout: EventLayout;
  /** The slot of the event's time. */
  readonly #time: number;
  /** Where the keys of the map at hand begin, and their lengths. */
  readonly #keyStarts = new Uint32Array(mostEntries);
  readonly #keyLengths = new Uint32Array(mostEntries);

  constructor(layout: EventLayout) {
    this.#layout = layout;
    this.#time = layout.slotOf(layout.plan.time);
  }

  /**
   * Scans a value to its very end.
   * @param start where its Avro bytes begin.
   * @returns null where it is not plain.
   */
  scan({ steps, branches, skips }: ScanProgram, value: ByteRange, start: number): EventView | null {
    const { bytes, end } = value;
    const layout = this.#layout;
    const slots = layout.slots;
    const base = layout.base;
    let at = start;
    for (let step = 0; step < steps.length; step += 3) {
      let operation = steps[step] as number;
      const slot = base + (steps[step + 1] as number);
      let argument = steps[step + 2] as number;
      if (operation === op.union) {
        const zigzag = bytes[at] as number;
        const table = branches[argument] as Int32Array;
        // A branch's number is even in zigzag; twice the branch is where it stands in the table. No union has 64 branches.
        if ((zigzag & 0x81) !== 0 || zigzag >= table.length) return null;
        at += 1;
        operation = table[zigzag] as number;
        argument = table[zigzag + 1] as number;
      }
      switch (operation) {
        case op.uuidText:
          if (bytes[at] !== 2 * uuidLength || at + 1 + uuidLength > end) return null;
          if (!readUuid(bytes, at + 1, slots, slot + 1)) return null;
          slots[slot] = 16;
          at += 1 + uuidLength;
          break;
        case op.uuidBytes:
          if (at + 16 > end) return null;
          slots[slot] = 16;
          for (let word = 0; word < 4; word += 1)
            slots[slot + 1 + word] = bytes.readInt32BE(at + 4 * word);
          at += 16;
          break;
        case op.text:
        case op.blob: {
          let byte = bytes[at] as number;
          let length = byte & 0x7f;
          at += 1;
          for (let shift = 7; byte >= 0x80; shift += 7) {
            if (shift === 28) return null;
            byte = bytes[at] as number;
            length |= (byte & 0x7f) << shift;
            at += 1;
          }
          if ((length & 1) !== 0) return null;
          length >>>= 1;
          const next = at + length;
          if (next > end) return null;
          if (operation === op.text) {
            if (argument === 1 && (length === 0 || length > longestKeyText)) return null;
            if (!isUtf8Between(bytes, at, next)) return null;
          }
          slots[slot] = length;
          slots[slot + 1] = at;
          at = next;
          break;
        }
        case op.time:
        case op.timeOfUnits: {
          let byte = bytes[at] as number;
          let zigzag = byte & 0x7f;
          at += 1;
          // Four bytes in whole numbers of 32 bits, the others in doubles, which hold 53.
          for (let shift = 7; byte >= 0x80 && shift < 28; shift += 7) {
            byte = bytes[at] as number;
            zigzag |= (byte & 0x7f) << shift;
            at += 1;
          }
          for (let scale = twoTo28; byte >= 0x80; scale *= 128) {
            if (scale > 2 ** 49) return null;
            byte = bytes[at] as number;
            zigzag += (byte & 0x7f) * scale;
            at += 1;
          }
          if (zigzag > Number.MAX_SAFE_INTEGER) return null;
          let time = zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
          if (operation === op.timeOfUnits) time = Math.floor(time / argument);
          if (!isReadable(time)) return null;
          slots[slot] = 8;
          slots[slot + 1] = Math.floor(time / twoTo32);
          slots[slot + 2] = time | 0;
          break;
        }
        case op.map:
          at = this.#map(bytes, at, end, slots, slot);
          if (at < 0) return null;
          break;
        case op.long:
          at = readLong(bytes, at, end, slots, slot + 1);
          if (at < 0) return null;
          slots[slot] = 8;
          break;
        case op.int: {
          at = readLong(bytes, at, end, slots, slot);
          if (at < 0) return null;
          const word = slots[slot + 1] as number;
          if (slots[slot] !== word >> 31) return null;
          setInt(slots, slot, word, argument);
          break;
        }
        case op.boolean:
          if ((bytes[at] as number) > 1) return null;
          slots[slot] = 1;
          slots[slot + 1] = bytes[at] as number;
          at += 1;
          break;
        case op.double:
          if (at + 8 > end) return null;
          slots[slot] = 8;
          slots[slot + 1] = bytes.readInt32LE(at + 4);
          slots[slot + 2] = bytes.readInt32LE(at);
          at += 8;
          break;
        case op.float:
          if (at + 4 > end) return null;
          setDouble(slots, slot, bytes.readFloatLE(at));
          at += 4;
          break;
        case op.null:
          slots[slot] = -1;
          break;
        case op.emptyMap:
          slots[slot] = 4;
          slots[slot + 1] = 0;
          slots[slot + 2] = 0;
          break;
        case op.fallback: {
          const numbers = layout.defaultOf(layout.plan.fields[argument] as never);
          for (let index = 0; index < numbers.length; index += 1)
            slots[slot + index] = numbers[index] as number;
          break;
        }
        case op.skipBytes:
          at += argument;
          break;
        case op.skipLong:
          at = behindLong(bytes, at, end);
          if (at < 0) return null;
          break;
        case op.skipText:
          at = behindText(bytes, at, end);
          if (at < 0) return null;
          break;
        case op.skip:
          at = (skips[argument] as (typeof skips)[number])(bytes, at, end);
          if (at < 0) return null;
          break;
        default:
          return null;
      }
    }
    // Within the steps a position may have passed the end; it never goes back.
    if (at !== end) return null;
    layout.keep();
    const time = base + this.#time;
    return new EventView(
      layout,
      bytes,
      slots,
      base,
      (slots[time + 1] as number) * twoTo32 + ((slots[time + 2] as number) >>> 0),
    );
  }

  /** A map of texts in one block, of few entries with keys that differ. @returns where the next value begins, or −1. */
  #map(bytes: Buffer, start: number, end: number, slots: Int32Array, slot: number): number {
    const zigzag = bytes[start] as number;
    // Below zero comes a block's size, which is rare; two bytes are more entries than are compared.
    if ((zigzag & 0x81) !== 0) return -1;
    const count = zigzag >>> 1;
    let at = start + 1;
    if (count > mostEntries || count * smallestEntry > end - at) return -1;
    const entries = at;
    let length = 4;
    for (let entry = 0; entry < count; entry += 1) {
      for (let part = 0; part < 2; part += 1) {
        let byte = bytes[at] as number;
        let size = byte & 0x7f;
        at += 1;
        for (let shift = 7; byte >= 0x80; shift += 7) {
          if (shift === 28) return -1;
          byte = bytes[at] as number;
          size |= (byte & 0x7f) << shift;
          at += 1;
        }
        if ((size & 1) !== 0) return -1;
        size >>>= 1;
        const next = at + size;
        if (next > end || !isUtf8Between(bytes, at, next)) return -1;
        if (part === 0 && !this.#isNewKey(bytes, at, size, entry)) return -1;
        length += 4 + size;
        at = next;
      }
    }
    if (count !== 0) {
      if (bytes[at] !== 0) return -1;
      at += 1;
    }
    slots[slot] = length;
    slots[slot + 1] = entries;
    slots[slot + 2] = count;
    return at;
  }

  /** Tells whether a key of a map comes for the first time. Where one comes again its last value counts, and avsc must read the map. */
  #isNewKey(bytes: Buffer, start: number, length: number, entry: number): boolean {
    const starts = this.#keyStarts;
    const lengths = this.#keyLengths;
    starts[entry] = start;
    lengths[entry] = length;
    for (let earlier = 0; earlier < entry; earlier += 1) {
      if (lengths[earlier] !== length) continue;
      const other = starts[earlier] as number;
      let at = 0;
      while (at < length && bytes[other + at] === bytes[start + at]) at += 1;
      if (at === length) return false;
    }
    return true;
  }
}

/** The words of a whole number, by the kind that it is read as: 0 int, 1 bigint, 2 double. */
const setInt = (slots: Int32Array, slot: number, word: number, kind: number): void => {
  if (kind === 2) setDouble(slots, slot, word);
  else if (kind === 1) {
    slots[slot] = 8;
    slots[slot + 1] = word >> 31;
    slots[slot + 2] = word;
  } else {
    slots[slot] = 4;
    slots[slot + 1] = word;
  }
};

const setDouble = (slots: Int32Array, slot: number, value: number): void => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  slots[slot] = 8;
  slots[slot + 1] = bytes.readInt32BE(0);
  slots[slot + 2] = bytes.readInt32BE(4);
};

/** Reads a long of 64 bits into two words, the higher first. @returns where the next value begins, or −1. */
const readLong = (
  bytes: Buffer,
  start: number,
  end: number,
  into: Int32Array,
  to: number,
): number => {
  // Ten bytes of seven bits: 28, 28 and 8 of them.
  let low = 0;
  let middle = 0;
  let high = 0;
  let at = start;
  for (let index = 0; ; index += 1) {
    if (index === 10 || at >= end) return -1;
    const byte = bytes[at] as number;
    at += 1;
    if (index < 4) low |= (byte & 0x7f) << (7 * index);
    else if (index < 8) middle |= (byte & 0x7f) << (7 * (index - 4));
    else high |= (byte & 0x7f) << (7 * (index - 8));
    if (byte < 0x80) {
      if (index === 9 && byte > 1) return -1;
      break;
    }
  }
  const lower = low | (middle << 28);
  const higher = (middle >>> 4) | (high << 24);
  const sign = -(lower & 1);
  into[to] = (higher >>> 1) ^ sign;
  into[to + 1] = ((lower >>> 1) | (higher << 31)) ^ sign;
  return at;
};

/** Passes over a number of 64 bits at most. @returns where the next value begins, or −1. */
export const behindLong = (bytes: Uint8Array, start: number, end: number): number => {
  let at = start;
  while (at < end && (bytes[at] as number) >= 0x80) at += 1;
  if (at === end || at - start > 9) return -1;
  return at - start === 9 && (bytes[at] as number) > 1 ? -1 : at + 1;
};

/** Reads a number of four bytes at most, in zigzag: twice the number where it is not below zero. */
export const smallZigzag = (bytes: Uint8Array, start: number, end: number): number => {
  let zigzag = 0;
  for (let index = 0; start + index < end; index += 1)
    zigzag |= ((bytes[start + index] as number) & 0x7f) << (7 * index);
  return zigzag;
};

/** Passes over a text or bytes. @returns where the next value begins, or −1. */
export const behindText = (bytes: Uint8Array, start: number, end: number): number => {
  const at = behindLong(bytes, start, end);
  if (at < 0 || at - start > 4) return -1;
  const zigzag = smallZigzag(bytes, start, at);
  const next = at + (zigzag >>> 1);
  return (zigzag & 1) === 0 && next <= end ? next : -1;
};
