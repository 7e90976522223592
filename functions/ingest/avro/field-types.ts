import { type AvroType, SchemaError, typeName } from './avro-schema.ts';
import type { Cursor } from './cursor.ts';
import { Fault } from './fault.ts';

/** Reads one value of a writer's type as T. */
export type Read<T> = (cursor: Cursor) => T;

/**
 * How values of a writer's type are read as what a field of `UserEvent` holds.
 * @throws {SchemaError} where they cannot be, with the path.
 */
export type Resolve<T> = (type: AvroType, path: string) => Read<T>;

/**
 * The rules are Avro's, and three more where Avro leaves the matter to the reader: a uuid may be 16 bytes, a time may have
 * another unit, and `metadata` that is null is empty. An enum is no string: Avro promotes none.
 * https://avro.apache.org/docs/1.12.0/specification/#schema-resolution
 */
const resolve =
  <T>(what: string, readOf: (type: AvroType, path: string) => Read<T> | undefined): Resolve<T> =>
  (type, path) => {
    const single = (one: AvroType): Read<T> => {
      const read = one.kind === 'union' ? undefined : readOf(one, path);
      if (read !== undefined) return read;
      throw new SchemaError(`${path} is ${typeName(one)}, which cannot be read as ${what}`);
    };
    return type.kind === 'union' ? ofUnion(type.branches, path, single) : single(type);
  };

/** One branch must be readable; a value that was written as another is an error of its own. */
export const ofUnion = <T>(
  branches: readonly AvroType[],
  path: string,
  resolveBranch: (branch: AvroType) => Read<T>,
): Read<T> => {
  const faults: SchemaError[] = [];
  const reads = branches.map((branch): Read<T> => {
    try {
      return resolveBranch(branch);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      faults.push(error);
      return () => {
        throw new Fault(error.message);
      };
    }
  });
  if (faults.length === reads.length)
    throw faults[0] ?? new SchemaError(`${path} is a union without branches`);
  return (cursor) => {
    const read = reads[cursor.long()];
    if (read === undefined) throw new Fault(`${path} has no such branch`);
    return read(cursor);
  };
};

export const text = resolve<string>('a string', ({ kind }) =>
  kind === 'string' || kind === 'bytes' ? (cursor) => cursor.text() : undefined,
);

export const uuid = resolve<string>('a uuid', (type) => {
  if (type.kind === 'fixed' && type.size === 16 && type.logicalType === 'uuid')
    return (cursor) => cursor.uuid();
  return type.kind === 'string' || type.kind === 'bytes' ? (cursor) => cursor.text() : undefined;
});

/** Of a millisecond; a long without a logical type, or with one that Avro does not know, counts milliseconds. */
const parts: ReadonlyMap<string, number> = new Map([
  ['timestamp-micros', 1_000],
  ['timestamp-nanos', 1_000_000],
]);

/** Avro's logical types of an int or a long that are no instant: they lack the day, or the time zone. */
const notAnInstant = /^(date|time-|local-timestamp-)/;

/** How many of a time's units make a millisecond; undefined where the type is no instant. */
export const unitsOfMillisecond = (type: AvroType): number | undefined => {
  if (type.kind !== 'int' && type.kind !== 'long') return undefined;
  const { kind, logicalType } = type;
  if (logicalType === null) return 1;
  if (notAnInstant.test(logicalType)) return undefined;
  return kind === 'long' ? (parts.get(logicalType) ?? 1) : 1;
};

export const time = resolve<number>('a time', (type) => {
  const units = unitsOfMillisecond(type);
  if (units === undefined) return undefined;
  if (type.kind === 'int') return readInt;
  return units === 1 ? (cursor) => cursor.long() : (cursor) => toMilliseconds(cursor, units);
});

const readInt: Read<number> = (cursor) => {
  const value = cursor.long();
  if (value !== (value | 0)) throw new Fault('an int has more than 32 bits');
  return value;
};

/** The millisecond that the instant lies in: rounded towards the past, before the epoch too. */
const toMilliseconds = (cursor: Cursor, units: number): number => {
  const { position } = cursor;
  const value = cursor.long();
  if (Number.isSafeInteger(value)) {
    const rest = value % units;
    return (value - (rest < 0 ? rest + units : rest)) / units;
  }
  cursor.seek(position);
  const exact = cursor.bigLong();
  const milliseconds = exact / BigInt(units);
  return Number(exact % BigInt(units) < 0n ? milliseconds - 1n : milliseconds);
};

/** A key takes a byte at least, and so does a value. */
const smallestEntry = 2;

export const textMap = resolve<ReadonlyMap<string, string>>('a map of strings', (type, path) => {
  if (type.kind === 'null') return () => new Map();
  if (type.kind !== 'map') return undefined;
  const readValue = text(type.values, `${path}.values`);
  return (cursor) => {
    const entries = new Map<string, string>();
    for (let count = cursor.blockCount(smallestEntry); count !== 0; ) {
      // Of a key that comes twice the last value counts.
      for (; count > 0; count -= 1) {
        const key = cursor.text();
        entries.set(key, readValue(cursor));
      }
      count = cursor.blockCount(smallestEntry);
    }
    return entries;
  };
});
