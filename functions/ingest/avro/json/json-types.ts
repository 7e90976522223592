import { isUtf8 } from 'node:buffer';
import { uuidText } from '../../event/uuid-text.ts';
import { DecodeFailure } from '../decode-failure.ts';
import { kindOfType, type SchemaType, underlying } from '../schema/schema-type.ts';

/**
 * How JSON writes the value of a union: `plain` as the value by itself, `wrapped` as Avro's own JSON encoding does it, in an object
 * whose one key is the branch's name. AWS calls the mapping's JSON standard and says no more, so both are read, and never mixed within
 * one field: a map whose only key is "map" would be a wrapping and a map at once.
 * https://avro.apache.org/docs/1.12.0/specification/#json-encoding
 */
type UnionEncoding = 'plain' | 'wrapped';

/**
 * Reads a parsed JSON value that was written as one Avro type.
 * @throws {DecodeFailure} naming what it is not, to be read after "is".
 */
export type ReadJson<T> = (value: unknown, encoding: UnionEncoding) => T;

const notText = new DecodeFailure('not a text');
const notEntries = new DecodeFailure('not an object of texts');
const notWrapped = new DecodeFailure('not a value of its union');

/** Half a surrogate pair is no text: it could not be stored as it is. */
export const jsonText = (value: unknown): string => {
  if (typeof value === 'string' && value.isWellFormed()) return value;
  throw notText;
};

/** Reads bytes: Avro's JSON writes each as the character of that number. */
export const jsonBytes = (value: unknown): Buffer => {
  if (typeof value === 'string' && /^[\0-\xff]*$/.test(value)) return Buffer.from(value, 'latin1');
  throw new DecodeFailure('not bytes, each a character up to U+00FF');
};

/** Reads bytes that are a text in UTF-8. */
export const jsonBytesText = (value: unknown): string => {
  const bytes = jsonBytes(value);
  if (!isUtf8(bytes)) throw new DecodeFailure('not UTF-8');
  return bytes.toString('utf8');
};

const sixteenBytes = 16;

/** Reads a uuid of sixteen bytes, or its text, which who knows the logical type makes of them. */
export const jsonUuid = (value: unknown): string => {
  if (typeof value !== 'string' || value.length !== sixteenBytes) return jsonText(value);
  return uuidText(jsonBytes(value), 0);
};

/** Reads a whole number. One that a double rounds is a bigint where the JSON was parsed by `parseJson`. */
export const jsonLong = (value: unknown): number | bigint => {
  if (typeof value === 'bigint') return value;
  // Adding nothing makes 0 of −0, which no long has.
  if (typeof value === 'number' && Number.isInteger(value)) return value + 0;
  throw new DecodeFailure('not a whole number');
};

export const jsonInt = (value: unknown): number => {
  const number = jsonLong(value);
  if (typeof number === 'number' && number === (number | 0)) return number;
  throw new DecodeFailure('not a whole number of 32 bits');
};

/** Reads a long to its last digit. */
export const jsonBigint = (value: unknown): bigint => {
  const number = BigInt(jsonLong(value));
  if (BigInt.asIntN(64, number) !== number)
    throw new DecodeFailure('not a whole number of 64 bits');
  return number;
};

export const jsonBoolean = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value;
  throw new DecodeFailure('neither true nor false');
};

export const jsonDouble = (value: unknown): number => {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw new DecodeFailure('not a number');
};

export const isJsonObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads an object of texts, whose values were written as one type. */
export const jsonEntries = (
  value: unknown,
  readValue: ReadJson<string>,
  encoding: UnionEncoding,
): ReadonlyMap<string, string> => {
  if (!isJsonObject(value)) throw notEntries;
  const entries = new Map<string, string>();
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) throw notEntries;
    try {
      entries.set(key, readValue(item, encoding));
    } catch (fault) {
      throw fault === notText ? notEntries : fault;
    }
  }
  return entries;
};

/** Reads null as null. */
export const jsonNull = (value: unknown): null => {
  if (value === null) return null;
  throw new DecodeFailure('not null');
};

/** Reads null as an object without texts. */
export const jsonNoEntries = (value: unknown): ReadonlyMap<string, string> => {
  if (value === null) return noEntries;
  throw notEntries;
};

const noEntries: ReadonlyMap<string, string> = new Map();

/** A branch of a union; `json` is null where its values cannot be read, for the reason `why`. */
interface Branch<T> {
  readonly type: SchemaType;
  readonly json: ReadJson<T> | null;
  readonly why: string;
}

/** The key under which Avro's JSON wraps a branch's value. */
const branchName = (type: SchemaType): string => underlying(type).name ?? kindOfType(type);

/** Reads a union's value by the branch that it was written as. */
export const readUnionJson = <T>(branches: readonly Branch<T>[]): ReadJson<T> => {
  const byName = new Map(branches.map((branch) => [branchName(branch.type), branch]));
  const isString = ({ type }: Branch<T>): boolean => kindOfType(type) === 'string';
  // Where a plain text could be a string and something else, it is a string; a branch that can be read comes before those that cannot.
  const ordered = [
    ...branches.filter(isString),
    ...branches.filter((branch) => !isString(branch) && branch.json !== null),
    ...branches.filter((branch) => !isString(branch) && branch.json === null),
  ];

  const readAs = ({ json, why }: Branch<T>, value: unknown, encoding: UnionEncoding): T => {
    if (json !== null) return json(value, encoding);
    throw new DecodeFailure(`of a branch that cannot be read (${why})`);
  };

  const readPlain: ReadJson<T> = (value, encoding) => {
    const record = branches.find(({ type }) => hasFields(value, type));
    if (record !== undefined) return readAs(record, value, encoding);
    let first: DecodeFailure | undefined;
    for (const branch of ordered) {
      if (branch.json === null && !isOfKind(value, branch.type)) continue;
      try {
        return readAs(branch, value, encoding);
      } catch (fault) {
        if (!(fault instanceof DecodeFailure)) throw fault;
        // A branch that is of the value's kind says more than one that is not.
        if (first === undefined || branch.json === null) first = fault;
      }
    }
    throw first ?? notWrapped;
  };

  return (value, encoding) => {
    if (encoding === 'plain' || value === null) return readPlain(value, encoding);
    const [name = '', ...others] = isJsonObject(value) ? Object.keys(value) : [];
    const branch = others.length === 0 ? byName.get(name) : undefined;
    if (branch === undefined || !isJsonObject(value)) throw notWrapped;
    return readAs(branch, value[name], encoding);
  };
};

/** Whether an object has the fields of a record and no other: how plain JSON tells one record of a union from another. */
const hasFields = (value: unknown, { fields }: SchemaType): boolean =>
  fields !== undefined &&
  isJsonObject(value) &&
  Object.keys(value).length === fields.length &&
  fields.every(({ name }) => Object.hasOwn(value, name));

/** Whether plain JSON writes values of a type as this kind of value. */
const isOfKind = (value: unknown, type: SchemaType): boolean => {
  switch (kindOfType(type)) {
    case 'null':
      return value === null;
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'string':
    case 'bytes':
    case 'fixed':
    case 'enum':
      return typeof value === 'string';
    case 'array':
      return Array.isArray(value);
    case 'map':
    case 'record':
    case 'error':
      return isJsonObject(value);
    default:
      return false;
  }
};

/**
 * Reads a value in the one or the other encoding of unions.
 * @throws {DecodeFailure} of the encoding that it is in, as far as that can be told.
 */
export const readEither = <T>(read: ReadJson<T>, value: unknown): T => {
  let plain: unknown;
  try {
    return read(value, 'plain');
  } catch (fault) {
    plain = fault;
  }
  if (!(plain instanceof DecodeFailure)) throw plain;
  try {
    return read(value, 'wrapped');
  } catch (fault) {
    throw fault === notWrapped ? plain : fault;
  }
};
