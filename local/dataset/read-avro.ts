import { isUtf8 } from 'node:buffer';
import type { FieldType, SchemaField, Value } from './schema-fields.ts';

/** The values of a record's fields, by name. */
export type Values = Readonly<Record<string, Value>>;

/**
 * Reads the bytes of one record by hand, so that no decoder vouches for itself.
 * @returns null unless the bytes are exactly one record.
 */
export const readRecord = (fields: readonly SchemaField[], bytes: Buffer): Values | null => {
  const cursor: Cursor = { bytes, latin1: bytes.toString('latin1'), at: 0, failed: false };
  const values: Record<string, Value> = {};
  for (const { name, type, nullAt } of fields)
    values[name] = nullAt === null || isPresent(cursor, nullAt) ? readers[type](cursor) : null;
  return cursor.failed || cursor.at !== bytes.length ? null : values;
};

interface Cursor {
  readonly bytes: Buffer;
  /** The bytes as a text of one character each. Most strings are slices of it, which is cheaper than decoding them. */
  readonly latin1: string;
  at: number;
  /** True once a value could not be read; the values read after it are meaningless. */
  failed: boolean;
}

const fail = (cursor: Cursor): void => {
  cursor.failed = true;
};

/** Reads the branch of a union with null. */
const isPresent = (cursor: Cursor, nullAt: number): boolean => {
  const branch = readLong(cursor);
  if (branch !== 0 && branch !== 1) fail(cursor);
  return branch !== nullAt;
};

/** Reads a zig-zag varint. The value is exact within ±2^53; beyond it, only its distance from any valid time matters. */
const readLong = (cursor: Cursor): number => {
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
const readBigint = (cursor: Cursor): bigint => {
  const start = cursor.at;
  readLong(cursor);
  if (cursor.failed) return 0n;
  let zigzag = 0n;
  for (let index = cursor.at - 1; index >= start; index -= 1)
    zigzag = zigzag * 128n + BigInt((cursor.bytes[index] as number) & 0x7f);
  return zigzag % 2n === 0n ? zigzag / 2n : -(zigzag + 1n) / 2n;
};

const readInt = (cursor: Cursor): number => {
  const value = readLong(cursor);
  if (value < -(2 ** 31) || value >= 2 ** 31) fail(cursor);
  return value;
};

const readBoolean = (cursor: Cursor): boolean => {
  const byte = cursor.bytes[cursor.at] ?? 2;
  cursor.at += 1;
  if (byte > 1) fail(cursor);
  return byte === 1;
};

const readDouble = (cursor: Cursor): number => {
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

const readBytes = (cursor: Cursor): Buffer => cursor.bytes.subarray(passBytes(cursor), cursor.at);

const readString = (cursor: Cursor): string => {
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

/** Reads blocks of entries up to the empty last one. A block with a negative count also has its length in bytes. */
const readMap = (cursor: Cursor): Map<string, string> => {
  const entries = new Map<string, string>();
  for (;;) {
    let count = readLong(cursor);
    if (cursor.failed || count === 0) return entries;
    if (count < 0) {
      count = -count;
      readLong(cursor);
    }
    for (; count > 0 && !cursor.failed; count -= 1)
      entries.set(readString(cursor), readString(cursor));
  }
};

const readers: { readonly [T in FieldType]: (cursor: Cursor) => Value } = {
  uuid: readString,
  string: readString,
  time: readLong,
  long: readBigint,
  int: readInt,
  boolean: readBoolean,
  double: readDouble,
  bytes: readBytes,
  map: readMap,
};
