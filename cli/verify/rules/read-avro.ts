import {
  type Cursor,
  cursorAt,
  fail,
  readBigint,
  readBoolean,
  readBytes,
  readDouble,
  readInt,
  readLong,
  readString,
} from './avro-cursor.ts';
import type { FieldType, SchemaField, Value } from './schema-fields.ts';

/** The values of a record's fields, by name. */
export type Values = Readonly<Record<string, Value>>;

/**
 * Reads the bytes of one record by hand, so that no decoder vouches for itself.
 * @returns null unless the bytes are exactly one record.
 */
export const readRecord = (fields: readonly SchemaField[], bytes: Buffer): Values | null => {
  const cursor = cursorAt(bytes);
  const values: Record<string, Value> = {};
  for (const { name, type, nullAt } of fields)
    values[name] = nullAt === null || isPresent(cursor, nullAt) ? readers[type](cursor) : null;
  return cursor.failed || cursor.at !== bytes.length ? null : values;
};

/** Reads the branch of a union with null. */
const isPresent = (cursor: Cursor, nullAt: number): boolean => {
  const branch = readLong(cursor);
  if (branch !== 0 && branch !== 1) fail(cursor);
  return branch !== nullAt;
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
