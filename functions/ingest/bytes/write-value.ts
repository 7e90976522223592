import type { Kind } from '../event/kinds.ts';
import type { FieldValue } from '../event/user-event.ts';
import { lengthBytes, writeLength } from './text-length.ts';
import { readUuid } from './uuid-bytes.ts';

/** The places that a value is written to: numbers into slots; texts, bytes and entries into a buffer. */
interface Target {
  readonly slots: Int32Array;
  /** The field's first slot. */
  readonly slot: number;
  readonly into: Buffer;
  /** The position in the buffer. */
  readonly at: number;
}

/** Bytes of the buffer that a value takes beside its slots. */
export const bytesOfValue = (kind: Kind, value: FieldValue): number => {
  if (value === null) return 0;
  if (kind === 'text') return Buffer.byteLength(value as string);
  if (kind === 'blob') return (value as Buffer).length;
  if (kind !== 'map') return 0;
  let bytes = 0;
  for (const [key, text] of value as ReadonlyMap<string, string>) {
    const [keyLength, length] = [Buffer.byteLength(key), Buffer.byteLength(text)];
    bytes += lengthBytes(keyLength) + keyLength + lengthBytes(length) + length;
  }
  return bytes;
};

/**
 * Writes a value that fits its kind: a uuid's text has been checked, a time is a whole number.
 * @returns where the next value's bytes begin.
 */
export const writeValue = (
  kind: Kind,
  value: FieldValue,
  { slots, slot, into, at }: Target,
): number => {
  if (value === null) {
    slots[slot] = -1;
    return at;
  }
  const first = slot + 1;
  switch (kind) {
    case 'uuid':
      slots[slot] = 16;
      readUuid(Buffer.from(value as string, 'latin1'), 0, slots, first);
      return at;
    case 'text': {
      const length = into.write(value as string, at);
      slots[slot] = length;
      slots[first] = at;
      return at + length;
    }
    case 'blob': {
      const bytes = value as Buffer;
      into.set(bytes, at);
      slots[slot] = bytes.length;
      slots[first] = at;
      return at + bytes.length;
    }
    case 'time':
      slots[slot] = 8;
      slots[first] = Math.floor((value as number) / 2 ** 32);
      slots[first + 1] = (value as number) | 0;
      return at;
    case 'bigint':
      slots[slot] = 8;
      slots[first] = Number(BigInt.asIntN(32, (value as bigint) >> 32n));
      slots[first + 1] = Number(BigInt.asIntN(32, value as bigint));
      return at;
    case 'int':
      slots[slot] = 4;
      slots[first] = value as number;
      return at;
    case 'boolean':
      slots[slot] = 1;
      slots[first] = value === true ? 1 : 0;
      return at;
    case 'double':
      slots[slot] = 8;
      setDouble(slots, first, value as number);
      return at;
    case 'map':
      return writeEntries(value as ReadonlyMap<string, string>, { slots, slot, into, at });
  }
};

const writeEntries = (
  entries: ReadonlyMap<string, string>,
  { slots, slot, into, at }: Target,
): number => {
  let end = at;
  let length = 4;
  for (const texts of entries)
    for (const text of texts) {
      const bytes = Buffer.byteLength(text);
      end = writeLength(into, end, bytes);
      end += into.write(text, end);
      length += 4 + bytes;
    }
  slots[slot] = length;
  slots[slot + 1] = at;
  slots[slot + 2] = entries.size;
  return end;
};

/** Sets the two words of a double, the higher first. */
const setDouble = (slots: Int32Array, at: number, value: number): void => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  slots[at] = bytes.readInt32BE(0);
  slots[at + 1] = bytes.readInt32BE(4);
};
