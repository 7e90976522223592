import { type AvroType, SchemaError, typeName } from './avro-schema.ts';
import type { Cursor } from './cursor.ts';
import { Fault } from './fault.ts';
import {
  jsonBytesText,
  jsonEntries,
  jsonInt,
  jsonLong,
  jsonNoEntries,
  jsonText,
  jsonUuid,
  type ReadJson,
  readUnionJson,
} from './json-types.ts';

/** Reads one value of a writer's type as T. */
export type Read<T> = (cursor: Cursor) => T;

/** How values of one writer's type are read as T: from Avro's bytes, and from the JSON that the event source mapping makes of them. */
export interface Reads<T> {
  readonly bytes: Read<T>;
  readonly json: ReadJson<T>;
}

/**
 * How values of a writer's type are read as what a field of `UserEvent` holds.
 * @throws {SchemaError} where they cannot be, with the path.
 */
export type Resolve<T> = (type: AvroType, path: string) => Reads<T>;

/**
 * The rules are Avro's, and three more where Avro leaves the matter to the reader: a uuid may be 16 bytes, a time may have
 * another unit, and `metadata` that is null is empty. An enum is no string: Avro promotes none.
 * https://avro.apache.org/docs/1.12.0/specification/#schema-resolution
 */
const resolve =
  <T>(what: string, readsOf: (type: AvroType, path: string) => Reads<T> | undefined): Resolve<T> =>
  (type, path) => {
    const single = (one: AvroType): Reads<T> => {
      const reads = one.kind === 'union' ? undefined : readsOf(one, path);
      if (reads !== undefined) return reads;
      throw new SchemaError(`${path} is ${typeName(one)}, which cannot be read as ${what}`);
    };
    return type.kind === 'union' ? readUnion(type.branches, path, single) : single(type);
  };

/** A branch of a union: how its values are read, or why they cannot be. */
interface Branch<T> {
  readonly type: AvroType;
  readonly reads: Reads<T> | null;
  readonly why: string;
}

/**
 * Reads values of a union of which one branch at least can be read; a value that was written as another is an error of its own.
 * @throws {SchemaError} where no branch can be read: with what is wrong with each, but for null, which a union has for want of a value.
 */
export const readUnion = <T>(
  types: readonly AvroType[],
  path: string,
  resolveBranch: (branch: AvroType) => Reads<T>,
): Reads<T> => {
  const branches = types.map((type): Branch<T> => {
    try {
      return { type, reads: resolveBranch(type), why: '' };
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      return { type, reads: null, why: error.message };
    }
  });
  if (branches.every(({ reads }) => reads === null)) throw noneReadable(branches, path);
  const ofBytes = branches.map(
    ({ reads, why }): Read<T> =>
      reads?.bytes ??
      (() => {
        throw new Fault(why);
      }),
  );
  return {
    bytes: (cursor) => {
      const read = ofBytes[cursor.long()];
      if (read === undefined) throw new Fault(`${path} has no such branch`);
      return read(cursor);
    },
    json: readUnionJson(
      branches.map(({ type, reads, why }) => ({ type, json: reads?.json ?? null, why })),
    ),
  };
};

/** Branches whose fault a message tells; a hostile schema may have thousands. */
const mostTold = 3;

const noneReadable = (branches: readonly Branch<unknown>[], path: string): SchemaError => {
  if (branches.length === 0) return new SchemaError(`${path} is a union without branches`);
  const told = branches.filter(({ type }) => type.kind !== 'null');
  const faults = (told.length === 0 ? branches : told).map(({ why }) => why);
  const more = faults.length > mostTold ? [`and ${faults.length - mostTold} more branches`] : [];
  return new SchemaError([...faults.slice(0, mostTold), ...more].join('; '));
};

const utf8Bytes: Reads<string> = { bytes: (cursor) => cursor.text(), json: jsonBytesText };

/** Avro promotes bytes to a string. */
const textReads = ({ kind }: AvroType): Reads<string> | undefined => {
  if (kind === 'string') return { bytes: (cursor) => cursor.text(), json: jsonText };
  return kind === 'bytes' ? utf8Bytes : undefined;
};

export const text = resolve<string>('a string', textReads);

export const uuid = resolve<string>('a uuid', (type) =>
  type.kind === 'fixed' && type.size === 16 && type.logicalType === 'uuid'
    ? { bytes: (cursor) => cursor.uuid(), json: jsonUuid }
    : textReads(type),
);

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
  if (type.kind === 'int') return { bytes: readInt, json: jsonInt };
  return {
    bytes: units === 1 ? (cursor) => cursor.long() : (cursor) => readUnits(cursor, units),
    json: (value) => toMilliseconds(jsonLong(value), units),
  };
});

const readInt: Read<number> = (cursor) => {
  const value = cursor.long();
  if (value !== (value | 0)) throw new Fault('an int has more than 32 bits');
  return value;
};

const readUnits = (cursor: Cursor, units: number): number => {
  const { position } = cursor;
  const value = cursor.long();
  if (Number.isSafeInteger(value)) return toMilliseconds(value, units);
  cursor.seek(position);
  return toMilliseconds(cursor.bigLong(), units);
};

/** The millisecond that an instant lies in: rounded towards the past, before the epoch too. */
const toMilliseconds = (value: number | bigint, units: number): number => {
  if (typeof value === 'number') {
    const rest = value % units;
    return (value - (rest < 0 ? rest + units : rest)) / units;
  }
  const milliseconds = value / BigInt(units);
  return Number(value % BigInt(units) < 0n ? milliseconds - 1n : milliseconds);
};

/** A key takes a byte at least, and so does a value. */
const smallestEntry = 2;

export const textMap = resolve<ReadonlyMap<string, string>>('a map of strings', (type, path) => {
  if (type.kind === 'null') return { bytes: () => new Map(), json: jsonNoEntries };
  if (type.kind !== 'map') return undefined;
  const values = text(type.values, `${path}.values`);
  return {
    bytes: (cursor) => {
      const entries = new Map<string, string>();
      for (let count = cursor.blockCount(smallestEntry); count !== 0; ) {
        // Of a key that comes twice the last value counts.
        for (; count > 0; count -= 1) {
          const key = cursor.text();
          entries.set(key, values.bytes(cursor));
        }
        count = cursor.blockCount(smallestEntry);
      }
      return entries;
    },
    json: (value, encoding) => jsonEntries(value, values.json, encoding),
  };
});
