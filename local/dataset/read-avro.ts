import { isUtf8 } from 'node:buffer';
import type { FieldType, SchemaField, Value } from './schema-fields.ts';

/** The values of a record's fields, by their names. */
export type Values = Readonly<Record<string, Value>>;

/**
 * Reads the bytes of one record, by hand, so that no decoder vouches for itself.
 * @returns null unless the bytes are one record, whole and alone.
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
  /** A character for each byte; most texts are a piece of it, which is cheaper than to decode each. */
  readonly latin1: string;
  at: number;
  /** Something could not be read; what is read after it means nothing. */
  failed: boolean;
}

const fail = (cursor: Cursor): void => {
  cursor.failed = true;
};

/** Reads which of a union's two branches follows. */
const isPresent = (cursor: Cursor, nullAt: number): boolean => {
  const branch = readLong(cursor);
  if (branch !== 0 && branch !== 1) fail(cursor);
  return branch !== nullAt;
};

/** Zig-zag, seven bits a byte, the lowest first. Exact within ±2^53, and beyond any valid time past that. */
const readLong = (cursor: Cursor): number => {
  const { bytes } = cursor;
  const first = bytes[cursor.at] ?? 0x80;
  let magnitude = (first & 0x7f) >> 1;
  let factor = 64;
  let byte = first;
  for (let count = 1; byte >= 0x80; count += 1) {
    cursor.at += 1;
    const next = bytes[cursor.at];
    // Ten bytes of seven bits have room for 64, the last one for one.
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

/** The same number to its last digit. */
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

/** Where the bytes behind a length begin; the cursor then stands at their end. */
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

/** Blocks of entries, the last one empty; a block of negative count says its length in bytes as well. */
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
