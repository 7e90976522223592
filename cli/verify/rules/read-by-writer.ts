import { isUtf8 } from 'node:buffer';
import {
  type Cursor,
  cursorAt,
  fail,
  readBigint,
  readBoolean,
  readBytes,
  readDouble,
  readFixed,
  readFloat,
  readInt,
  readLong,
  readString,
} from './avro-cursor.ts';
import type { Values } from './read-avro.ts';
import type { FieldType, SchemaField, Value } from './schema-fields.ts';
import { NotUnderstood, type WriterType } from './writer-type.ts';

/** Reads values of one writer's schema; null where the bytes are none. */
export type ReadWritten = (bytes: Buffer) => Values | null;

/** What becomes of all values of a writer's schema. */
export type Writer =
  | { readonly kind: 'readable'; readonly read: ReadWritten }
  /** The schema is certainly none of an event. */
  | { readonly kind: 'incompatible' };

/**
 * Finds how values of a writer's schema become the fields of today's: by docs/schemas.md, and by hand.
 * @param names the names that the record may have, without namespaces.
 * @throws {NotUnderstood} where a field has a type whose reading this project does not describe.
 */
export const writerOf = (
  type: WriterType,
  fields: readonly SchemaField[],
  names: readonly string[],
): Writer => {
  if (type.kind === 'union') throw new NotUnderstood('it is a union of records');
  if (type.kind !== 'record' || !names.includes(type.name.replace(/^.*\./, '')))
    return { kind: 'incompatible' };
  const written = new Set(type.fields.map(({ name }) => name));
  const steps = new Map<string, readonly [field: string, convert: Convert]>();
  for (const field of fields) {
    const found = [field.name, ...field.aliases].find((name) => written.has(name));
    if (found === undefined) {
      if (field.fallback === undefined) return { kind: 'incompatible' };
      continue;
    }
    const source = type.fields.find(({ name }) => name === found)?.type as WriterType;
    steps.set(found, [field.name, conversionOf(source, field)]);
  }
  return {
    kind: 'readable',
    read(bytes) {
      const cursor = cursorAt(bytes);
      const values: Record<string, Value> = {};
      for (const { name, type: source } of type.fields) {
        const step = steps.get(name);
        if (step === undefined) {
          passOver(source, cursor);
          continue;
        }
        const [field, convert] = step;
        const value = readAny(source, cursor);
        const converted = cursor.failed ? undefined : convert(value);
        if (converted === undefined) return null;
        values[field] = converted;
      }
      return cursor.failed || cursor.at !== bytes.length ? null : values;
    },
  };
};

/** A value as the writer's type has it: numbers of 64 bits as bigint, a union's with its branch. */
type Written =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | ReadonlyMap<string, Written>
  | Branch;

/** A value of a union. */
class Branch {
  readonly index: number;
  readonly value: Written;

  constructor(index: number, value: Written) {
    this.index = index;
    this.value = value;
  }
}

/** Reads a value of a type that can be converted. */
const readAny = (type: WriterType, cursor: Cursor): Written => {
  switch (type.kind) {
    case 'boolean':
      return readBoolean(cursor);
    case 'int':
      return readInt(cursor);
    case 'long':
      return readBigint(cursor);
    case 'float':
      return readFloat(cursor);
    case 'double':
      return readDouble(cursor);
    case 'bytes':
      return readBytes(cursor);
    case 'string':
      return readString(cursor);
    case 'fixed':
      return readFixed(cursor, type.size);
    case 'map': {
      const entries = new Map<string, Written>();
      readBlocks(cursor, () => entries.set(readString(cursor), readAny(type.items, cursor)));
      return entries;
    }
    case 'union': {
      const index = readLong(cursor);
      const branch = branchAt(type.branches, index, cursor);
      return new Branch(index, branch === null ? null : readAny(branch, cursor));
    }
    default:
      return null;
  }
};

/** Passes over a value of a field that no event has. Only what says where it ends is looked at: its texts may be any bytes. */
const passOver = (type: WriterType, cursor: Cursor): void => {
  switch (type.kind) {
    case 'null':
      break;
    case 'boolean':
      readFixed(cursor, 1);
      break;
    case 'int':
    case 'long':
      readLong(cursor);
      break;
    case 'float':
      readFixed(cursor, 4);
      break;
    case 'double':
      readFixed(cursor, 8);
      break;
    case 'bytes':
    case 'string':
      readBytes(cursor);
      break;
    case 'fixed':
      readFixed(cursor, type.size);
      break;
    case 'enum': {
      const symbol = readLong(cursor);
      if (symbol < 0 || symbol >= type.symbols) fail(cursor);
      break;
    }
    case 'array':
      readBlocks(cursor, () => passOver(type.items, cursor));
      break;
    case 'map':
      readBlocks(cursor, () => {
        readBytes(cursor);
        passOver(type.items, cursor);
      });
      break;
    case 'record':
      for (const field of type.fields) if (!cursor.failed) passOver(field.type, cursor);
      break;
    case 'union': {
      const branch = branchAt(type.branches, readLong(cursor), cursor);
      if (branch !== null) passOver(branch, cursor);
      break;
    }
  }
};

const branchAt = (
  branches: readonly WriterType[],
  index: number,
  cursor: Cursor,
): WriterType | null => {
  const branch = cursor.failed ? undefined : branches[index];
  if (branch === undefined) fail(cursor);
  return branch ?? null;
};

/** Reads blocks of items up to the empty last one. A block with a negative count also has its length in bytes. */
const readBlocks = (cursor: Cursor, item: () => void): void => {
  for (;;) {
    let count = readLong(cursor);
    if (cursor.failed || count === 0) return;
    if (count < 0) {
      count = -count;
      readLong(cursor);
    }
    for (; count > 0 && !cursor.failed; count -= 1) {
      const { at } = cursor;
      item();
      // Items without bytes may be any number, and are not counted through.
      if (cursor.at === at && count > cursor.bytes.length)
        throw new NotUnderstood('a value has items without bytes');
    }
  }
};

/** Converts a value of the writer's to one of a field; undefined where it has none. */
type Convert = (value: Written) => Value | undefined;

const conversionOf = (type: WriterType, { type: field, nullAt }: SchemaField): Convert => {
  if (type.kind !== 'union') return conversions[field](type) ?? notDescribed();
  const branches = type.branches.map((branch): Convert => {
    if (branch.kind !== 'null') return conversions[field](branch) ?? notDescribed();
    if (nullAt !== null) return () => null;
    return field === 'map' ? () => new Map() : () => undefined;
  });
  return (value) => {
    const { index, value: inner } = value as Branch;
    return branches[index]?.(inner);
  };
};

const notDescribed = (): never => {
  throw new NotUnderstood('a field has another type than those that are described');
};

const asItIs: Convert = (value) => value as Value;

const text = (type: WriterType): Convert | undefined => {
  if (type.kind === 'string') return asItIs;
  if (type.kind !== 'bytes' || type.logicalType !== null) return undefined;
  return (value) => {
    const bytes = value as Buffer;
    return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  };
};

/** The units of a millisecond, by the logical types of a long. */
const units = new Map<string | null, bigint>([
  [null, 1n],
  ['timestamp-millis', 1n],
  ['timestamp-micros', 1_000n],
  ['timestamp-nanos', 1_000_000n],
]);

const isPlain = (type: WriterType, ...kinds: readonly WriterType['kind'][]): boolean =>
  kinds.includes(type.kind) && 'logicalType' in type && type.logicalType === null;

const conversions: {
  readonly [T in FieldType]: (type: WriterType) => Convert | undefined;
} = {
  string: text,
  uuid: (type) =>
    type.kind === 'fixed' && type.size === 16 && type.logicalType === 'uuid'
      ? (value) =>
          (value as Buffer)
            .toString('hex')
            .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
      : text(type),
  time(type) {
    if (isPlain(type, 'int')) return asItIs;
    const unit = type.kind === 'long' ? units.get(type.logicalType) : undefined;
    if (unit === undefined) return undefined;
    return (value) => {
      const time = value as bigint;
      // The division of bigints rounds towards zero, and a time before the epoch is rounded down.
      return Number((time - (((time % unit) + unit) % unit)) / unit);
    };
  },
  map(type) {
    const item = type.kind === 'map' ? text(type.items) : undefined;
    if (item === undefined) return undefined;
    return (value) => {
      const entries = new Map<string, string>();
      for (const [key, one] of value as ReadonlyMap<string, Written>) {
        const converted = item(one);
        if (converted === undefined) return undefined;
        entries.set(key, converted as string);
      }
      return entries;
    };
  },
  long: (type) =>
    isPlain(type, 'long')
      ? asItIs
      : isPlain(type, 'int')
        ? (value) => BigInt(value as number)
        : undefined,
  int: (type) => (isPlain(type, 'int') ? asItIs : undefined),
  boolean: (type) => (type.kind === 'boolean' ? asItIs : undefined),
  double: (type) => (isPlain(type, 'double', 'float', 'int', 'long') ? Number : undefined),
  bytes: (type) =>
    isPlain(type, 'bytes')
      ? asItIs
      : isPlain(type, 'string')
        ? (value) => Buffer.from(value as string)
        : undefined,
};
