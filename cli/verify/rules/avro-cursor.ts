import { isUtf8 } from 'node:buffer';

/** A position in Avro bytes. */
export interface Cursor {
  readonly bytes: Buffer;
  /** The bytes as a text of one character each. Most strings are slices of it, which is cheaper than decoding them. */
  readonly latin1: string;
  at: number;
  /** True once a value could not be read; the values read after it are meaningless. */
  failed: boolean;
}

/** Marks the bytes as none of the type. */
export const fail = (cursor: Cursor): void => {
  cursor.failed = true;
};

/** Reads a zig-zag varint. The value is exact within ±2^53; beyond it, only its distance from any valid time matters. */
export const readLong = (cursor: Cursor): number => {
  const { bytes } = cursor;
  const first = bytes[cursor.at] ?? 0x80;
  let magnitude = (first & 0x7f) >> 1;
  let factor = 64;
  let byte = first;
  for (let count = 1; byte >= 0x80; count += 1) {
    cursor.at += 1;
    const next = bytes[cursor.at];
    // A 64-bit long has at most ten bytes, the tenth of which holds one bit.
    if (next === undefined || count === 10 || (count === 9 && next > 1)) {
      fail(cursor);
      return 0;
    }
    byte = next;
    magnitude += (byte & 0x7f) * factor;
    factor *= 128;
  }
  cursor.at += 1;
  return (first & 1) === 0 ? magnitude : -magnitude - 1;
};

/** Reads a zig-zag varint exactly, as a bigint. */
export const readBigint = (cursor: Cursor): bigint => {
  const start = cursor.at;
  readLong(cursor);
  if (cursor.failed) return 0n;
  let zigzag = 0n;
  for (let index = cursor.at - 1; index >= start; index -= 1)
    zigzag = zigzag * 128n + BigInt((cursor.bytes[index] as number) & 0x7f);
  return zigzag % 2n === 0n ? zigzag / 2n : -(zigzag + 1n) / 2n;
};

export const readInt = (cursor: Cursor): number => {
  const value = readLong(cursor);
  if (value < -(2 ** 31) || value >= 2 ** 31) fail(cursor);
  return value;
};

export const readBoolean = (cursor: Cursor): boolean => {
  const byte = cursor.bytes[cursor.at] ?? 2;
  cursor.at += 1;
  if (byte > 1) fail(cursor);
  return byte === 1;
};

export const readDouble = (cursor: Cursor): number => {
  const { bytes, at } = cursor;
  if (at + 8 > bytes.length) {
    fail(cursor);
    return 0;
  }
  cursor.at += 8;
  return bytes.readDoubleLE(at);
};

/** Moves the cursor past a length and its bytes. @returns the index of the first of these bytes. */
const passBytes = (cursor: Cursor): number => {
  const length = readLong(cursor);
  const { bytes, at } = cursor;
  if (cursor.failed || length < 0 || at + length > bytes.length) fail(cursor);
  else cursor.at = at + length;
  return at;
};

/** Begins to read bytes. */
export const cursorAt = (bytes: Buffer): Cursor => ({
  bytes,
  latin1: bytes.toString('latin1'),
  at: 0,
  failed: false,
});

/** Reads a number of bytes that the schema says. */
export const readFixed = (cursor: Cursor, size: number): Buffer => {
  const { bytes, at } = cursor;
  if (at + size > bytes.length) fail(cursor);
  else cursor.at = at + size;
  return bytes.subarray(at, cursor.at);
};

export const readFloat = (cursor: Cursor): number => {
  const bytes = readFixed(cursor, 4);
  return cursor.failed ? 0 : bytes.readFloatLE();
};

export const readBytes = (cursor: Cursor): Buffer =>
  cursor.bytes.subarray(passBytes(cursor), cursor.at);

export const readString = (cursor: Cursor): string => {
  const start = passBytes(cursor);
  if (cursor.failed) return '';
  const { bytes, at: end } = cursor;
  for (let index = start; index < end; index += 1)
    if ((bytes[index] as number) >= 0x80) {
      if (!isUtf8(bytes.subarray(start, end))) fail(cursor);
      return bytes.toString('utf8', start, end);
    }
  return cursor.latin1.slice(start, end);
};
