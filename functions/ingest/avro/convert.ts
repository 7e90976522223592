import { isUtf8 } from 'node:buffer';
import type { Kind } from '../event/kinds.ts';
import type { FieldValue } from '../event/user-event.ts';
import { uuidText } from '../event/uuid-text.ts';
import { DecodeFailure } from './decode-failure.ts';
import {
  jsonBigint,
  jsonBoolean,
  jsonBytes,
  jsonBytesText,
  jsonDouble,
  jsonEntries,
  jsonInt,
  jsonLong,
  jsonNoEntries,
  jsonNull,
  jsonText,
  jsonUuid,
  type ReadJson,
  readUnionJson,
} from './json/json-types.ts';
import { type Operation, op, type ProgramBuilder } from './scan/scan-program.ts';
import { SchemaError } from './schema/schema-text.ts';
import {
  describeType,
  kindOfType,
  logicalTypeOf,
  type SchemaType,
  underlying,
} from './schema/schema-type.ts';
import type { StrictTap } from './schema/strict-tap.ts';

/** A key of a map takes a byte at least, and so does a value that is read. */
const smallestEntry = 2;

/** How values of a writer's type become values of a kind. */
export interface Conversion {
  /** Reads a value. @throws {DecodeFailure} where it is none. */
  readonly read: (tap: StrictTap) => FieldValue;
  /** The same for what the event source mapping has turned into JSON. @throws {DecodeFailure} where it is none. */
  readonly json: ReadJson<FieldValue>;
  /** The operation of a scan that does the same, and its argument. */
  readonly scan: Operation;
}

/** What a message calls a kind. */
const called: { readonly [K in Kind]: string } = {
  uuid: 'a uuid',
  text: 'a string',
  time: 'a time',
  map: 'a map of strings',
  bigint: 'a long',
  int: 'an int',
  boolean: 'a boolean',
  double: 'a double',
  blob: 'bytes',
};

/** Smaller units of time, by how many make a millisecond. */
const unitsOf: ReadonlyMap<string, number> = new Map([
  ['timestamp-micros', 1_000],
  ['timestamp-nanos', 1_000_000],
]);

/** Avro's logical types of an int or a long that are no instant: they lack the day, or the time zone. */
const notAnInstant = /^(date|time-|local-timestamp-)/;

/** How many of a time's units make a millisecond; undefined where the type is no instant. */
const unitsOfMillisecond = (type: SchemaType): number | undefined => {
  const kind = kindOfType(type);
  if (kind !== 'int' && kind !== 'long') return undefined;
  const logicalType = logicalTypeOf(type);
  // A number without a logical type, or with one that Avro does not know, counts milliseconds.
  if (logicalType === null) return 1;
  if (notAnInstant.test(logicalType)) return undefined;
  return kind === 'long' ? (unitsOf.get(logicalType) ?? 1) : 1;
};

/** What a conversion is for. */
export interface Target {
  readonly kind: Kind;
  /** Whether the field is part of the row's key. */
  readonly isKey: boolean;
  readonly nullable: boolean;
  /** Where in the writer's schema, for messages. */
  readonly path: string;
  /** The program that a union's branches are put into. */
  readonly program: ProgramBuilder;
}

/**
 * Finds how values of a type become values of a kind. The rules are Avro's, and three more where Avro leaves the matter to the
 * reader: a uuid may be 16 bytes, a time may have another unit, and a map that is null is empty. An enum is no string: Avro
 * promotes none.
 * https://avro.apache.org/docs/1.12.0/specification/#schema-resolution
 * @throws {SchemaError} where they cannot, with the path.
 */
export const conversionOf = (type: SchemaType, target: Target): Conversion => {
  if (kindOfType(type) === 'union') return ofUnion(underlying(type).types ?? [], target);
  const { kind, nullable, path } = target;
  const found =
    kindOfType(type) === 'null' ? ofNull(kind, nullable) : conversions[kind](type, target);
  if (found !== undefined) return found;
  throw new SchemaError(
    `${path} is ${describeType(type)}, which cannot be read as ${called[kind]}`,
  );
};

/** A branch of a union: how its values are read, or why they cannot be. */
interface Branch<T> {
  readonly type: SchemaType;
  readonly found: T | null;
  readonly why: string;
}

/**
 * Finds how values of a union's branches are read, of which one at least can be; a value that was written as another is an error of its
 * own.
 * @throws {SchemaError} where none can be read: with what is wrong with each, but for null, which a union has for want of a value.
 */
export const readableBranches = <T>(
  types: readonly SchemaType[],
  path: string,
  find: (branch: SchemaType) => T,
): readonly Branch<T>[] => {
  const branches = types.map((type): Branch<T> => {
    try {
      return { type, found: find(type), why: '' };
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      return { type, found: null, why: error.message };
    }
  });
  if (branches.every(({ found }) => found === null)) throw noneReadable(branches, path);
  return branches;
};

/** Branches whose fault a message tells; a hostile schema may have thousands. */
const mostTold = 3;

const noneReadable = (branches: readonly Branch<unknown>[], path: string): SchemaError => {
  if (branches.length === 0) return new SchemaError(`${path} is a union without branches`);
  const told = branches.filter(({ type }) => kindOfType(type) !== 'null');
  const faults = (told.length === 0 ? branches : told).map(({ why }) => why);
  const more = faults.length > mostTold ? [`and ${faults.length - mostTold} more branches`] : [];
  return new SchemaError([...faults.slice(0, mostTold), ...more].join('; '));
};

const ofUnion = (types: readonly SchemaType[], target: Target): Conversion => {
  const branches = readableBranches(types, target.path, (type) => conversionOf(type, target));
  return {
    // Not by avsc, which would read a value of any branch whole before it could be refused.
    read: (tap) => {
      const branch = branches[tap.readLong()];
      if (branch?.found) return branch.found.read(tap);
      throw new DecodeFailure(branch?.why ?? `${target.path} has no such branch`);
    },
    json: readUnionJson(
      branches.map(({ type, found, why }) => ({ type, json: found?.json ?? null, why })),
    ),
    scan: [
      op.union,
      target.program.addUnion(branches.map(({ found }) => found?.scan ?? [op.leave, 0])),
    ],
  };
};

const ofNull = (kind: Kind, nullable: boolean): Conversion | undefined => {
  if (nullable) return { read: () => null, json: jsonNull, scan: [op.null, 0] };
  if (kind !== 'map') return undefined;
  return { read: () => new Map(), json: jsonNoEntries, scan: [op.emptyMap, 0] };
};

/** Reads by avsc's type, and turns what it makes into a value. */
const readBy =
  <Made>(type: SchemaType, toValue: (made: Made) => FieldValue) =>
  (tap: StrictTap): FieldValue =>
    toValue(type._read(tap) as Made);

/** Takes what avsc makes as the value. */
const asItIs = (made: FieldValue): FieldValue => made;

type Convert = (type: SchemaType, target: Target) => Conversion | undefined;

const text: Convert = (type, { isKey }) => {
  const kind = kindOfType(type);
  const scan = [op.text, isKey ? 1 : 0] as const;
  if (kind === 'string') return { read: readBy(type, asItIs), json: jsonText, scan };
  if (kind !== 'bytes') return undefined;
  return { read: readBy(type, utf8), json: jsonBytesText, scan };
};

const conversions: { readonly [K in Kind]: Convert } = {
  text,
  uuid: (type, target) => {
    const { size } = underlying(type);
    if (kindOfType(type) === 'fixed' && size === 16 && logicalTypeOf(type) === 'uuid')
      return {
        read: readBy(type, (bytes: Buffer) => uuidText(bytes, 0)),
        json: jsonUuid,
        scan: [op.uuidBytes, 0],
      };
    const found = text(type, target);
    return found && { ...found, scan: [op.uuidText, 0] };
  },
  time: (type) => {
    const units = unitsOfMillisecond(type);
    if (units === undefined) return undefined;
    // An int is rare, and one of more than 32 bits an error of its value: left by a scan.
    if (kindOfType(type) === 'int')
      return { read: readBy(type, asItIs), json: jsonInt, scan: [op.leave, 0] };
    return {
      read: readBy(type, (time: bigint) => toMilliseconds(time, units)),
      json: (value) => toMilliseconds(jsonLong(value), units),
      scan: units === 1 ? [op.time, 0] : [op.timeOfUnits, units],
    };
  },
  map: (type, target) => {
    if (kindOfType(type) !== 'map') return undefined;
    const values = underlying(type).valuesType as SchemaType;
    const path = `${target.path}.values`;
    const plain = { kind: 'text', isKey: false, nullable: false } as const;
    const item = conversionOf(values, { ...target, ...plain, path });
    return {
      // Not by avsc: in an object the key `__proto__` would be lost, and its count may be more than the bytes hold.
      read: (tap) => {
        const entries = new Map<string, string>();
        tap.forEachEntry(smallestEntry, () => {
          const key = tap.readString();
          entries.set(key, item.read(tap) as string);
        });
        return entries;
      },
      json: (value, encoding) => jsonEntries(value, item.json as ReadJson<string>, encoding),
      scan: [item.scan[0] === op.text ? op.map : op.leave, 0],
    };
  },
  bigint: (type) => {
    const kind = plainKind(type);
    if (kind === 'long')
      return { read: readBy(type, asItIs), json: jsonBigint, scan: [op.long, 0] };
    if (kind !== 'int') return undefined;
    return { read: readBy<number>(type, BigInt), json: jsonBigint, scan: [op.int, 1] };
  },
  int: (type) =>
    plainKind(type) === 'int'
      ? { read: readBy(type, asItIs), json: jsonInt, scan: [op.int, 0] }
      : undefined,
  boolean: (type) =>
    kindOfType(type) === 'boolean'
      ? { read: readBy(type, asItIs), json: jsonBoolean, scan: [op.boolean, 0] }
      : undefined,
  double: (type) => {
    const scan = doubles.get(plainKind(type));
    return scan && { read: readBy(type, Number), json: jsonDouble, scan };
  },
  blob: (type) => {
    const kind = plainKind(type);
    if (kind === 'bytes')
      return { read: readBy(type, asItIs), json: jsonBytes, scan: [op.blob, 0] };
    if (kind !== 'string') return undefined;
    return {
      read: readBy(type, (read: string) => Buffer.from(read)),
      json: (value) => Buffer.from(jsonText(value)),
      scan: [op.text, 0],
    };
  },
};

/** The numbers that Avro promotes to a double. A long is left by a scan: what 53 bits do not hold is rounded. */
const doubles: ReadonlyMap<string | null, Operation> = new Map([
  ['double', [op.double, 0]],
  ['float', [op.float, 0]],
  ['int', [op.int, 2]],
  ['long', [op.leave, 0]],
]);

/** The name of a type that has no logical type: a date is no number, and a decimal no bytes. */
const plainKind = (type: SchemaType): string | null =>
  logicalTypeOf(type) === null ? kindOfType(type) : null;

/** The millisecond that an instant lies in: rounded towards the past, before the epoch too. */
const toMilliseconds = (value: number | bigint, units: number): number => {
  if (typeof value === 'number') return Math.floor(value / units);
  const divisor = BigInt(units);
  const whole = value / divisor;
  return Number(value % divisor < 0n ? whole - 1n : whole);
};

const utf8 = (bytes: Buffer): string => {
  if (!isUtf8(bytes)) throw new DecodeFailure('a string is not UTF-8');
  return bytes.toString('utf8');
};
