import { isUtf8 } from 'node:buffer';
import { uuidText } from '../../event/uuid-text.ts';
import { DecodeFailure } from '../decode-failure.ts';
import { kindOfType, type SchemaType, underlying } from '../schema/schema-type.ts';

/**
 * The form of a union's value in JSON: `plain` is the value itself; `wrapped` is Avro's own JSON encoding, an object whose one
 * key is the branch's name. AWS calls the mapping's JSON standard and says no more, so that both forms are read. They are never
 * mixed within one field: a map whose only key is "map" would be a wrapping and a map at once.
 * https://avro.apache.org/docs/1.12.0/specification/#json-encoding
 */
type UnionEncoding = 'plain' | 'wrapped';

/**
 * Reads a parsed JSON value that was written as one Avro type.
 * @throws {DecodeFailure} with a message that completes "is …".
 */
export type ReadJson<T> = (value: unknown, encoding: UnionEncoding) => T;

const notText = new DecodeFailure('not a text');
const notEntries = new DecodeFailure('not an object of texts');
const notWrapped = new DecodeFailure('not a value of its union');

/** Reads a text. Half a surrogate pair is no text: it could not be stored unchanged. */
export const jsonText = (value: unknown): string => {
  if (typeof value === 'string' && value.isWellFormed()) return value;
  throw notText;
};

/** Reads bytes: Avro's JSON writes each byte as the character of its number. */
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

/** Reads a uuid of sixteen bytes, or its text: a writer that knows the logical type turns the bytes into text. */
export const jsonUuid = (value: unknown): string => {
  if (typeof value !== 'string' || value.length !== sixteenBytes) return jsonText(value);
  return uuidText(jsonBytes(value), 0);
};

/** Reads a whole number. After `parseJson`, a number that a double would round is a bigint. */
export const jsonLong = (value: unknown): number | bigint => {
  if (typeof value === 'bigint') return value;
  // Adding 0 turns −0, which no long has, into 0.
  if (typeof value === 'number' && Number.isInteger(value)) return value + 0;
  throw new DecodeFailure('not a whole number');
};

export const jsonInt = (value: unknown): number => {
  const number = jsonLong(value);
  if (typeof number === 'number' && number === (number | 0)) return number;
  throw new DecodeFailure('not a whole number of 32 bits');
};

/** Reads a long exactly. */
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

/** Names the key under which Avro's JSON wraps a branch's value. */
const branchName = (type: SchemaType): string => underlying(type).name ?? kindOfType(type);

/** Makes a reader of a union's values, from the readers of its branches. */
export const readUnionJson = <T>(branches: readonly Branch<T>[]): ReadJson<T> => {
  const byName = new Map(branches.map((branch) => [branchName(branch.type), branch]));
  const isString = ({ type }: Branch<T>): boolean => kindOfType(type) === 'string';
  // The string branch comes first, because a plain text counts as a string. Readable branches come before unreadable ones.
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
        // The failure of a branch of the value's kind is more informative than that of another branch.
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

/** Tells whether an object has exactly the fields of a record. Plain JSON distinguishes the records of a union this way. */
const hasFields = (value: unknown, { fields }: SchemaType): boolean =>
  fields !== undefined &&
  isJsonObject(value) &&
  Object.keys(value).length === fields.length &&
  fields.every(({ name }) => Object.hasOwn(value, name));

/** Tells whether plain JSON writes values of a type as this kind of value. */
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
 * Reads a value in either encoding of unions.
 * @throws {DecodeFailure} of the encoding that the value seems to have.
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
