import avsc, { type ReadingType, type Tap } from 'avsc/lib/types.js';
import { type ReferenceText, type SchemaText, shown } from '../../schema-registry/schema-text.ts';
import { DecodeFailure } from '../decode-failure.ts';
import { SchemaError, SchemaReader } from './schema-reader.ts';
import { longOf, type StrictTap } from './strict-tap.ts';

const { Type, builtins } = avsc;

/** A field of a record, in avsc's form. */
export interface SchemaField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: SchemaType;
}

/** A type of a schema in avsc's form; `typeName` distinguishes the types. */
export interface SchemaType extends ReadingType {
  /** The fields of a record. */
  readonly fields?: readonly SchemaField[];
  /** The branches of a union. */
  readonly types?: readonly SchemaType[];
  readonly itemsType?: SchemaType;
  readonly valuesType?: SchemaType;
  /** The bytes of a fixed. */
  readonly size?: number;
  readonly symbols?: readonly string[];
  /** The type beneath a logical type. */
  readonly underlyingType?: SchemaType;
}

/** Names a type's logical type; returns null where it has none that Avro knows. */
export const logicalTypeOf = ({ typeName }: SchemaType): string | null =>
  typeName.startsWith('logical:') ? typeName.slice('logical:'.length) : null;

/** Removes the logical type from a type. */
export const underlying = (type: SchemaType): SchemaType => type.underlyingType ?? type;

/** Names the kind of a type; avsc has names of its own for unions and longs. */
export const kindOfType = (type: SchemaType): string => {
  const { typeName } = underlying(type);
  return typeName === 'abstract:long' ? 'long' : typeName.replace(/:.*/, '');
};

/** Describes a type for a message. */
export const describeType = (type: SchemaType): string => {
  const kind = kindOfType(type);
  const name = underlying(type).name;
  if (name !== undefined) return `${kind} ${shown(name)}`;
  if (kind === 'union') return `union of ${type.types?.length}`;
  const logicalType = logicalTypeOf(type);
  return logicalType === null ? kind : `${kind} (${shown(logicalType)})`;
};

/**
 * The logical types of Avro 1.12, which give a meaning to numbers, texts or bytes. avsc ignores logical types unless it is told
 * of them.
 */
const logicalNames: ReadonlySet<unknown> = new Set([
  'uuid',
  'date',
  'decimal',
  'big-decimal',
  'duration',
  'time-millis',
  'time-micros',
  'timestamp-millis',
  'timestamp-micros',
  'timestamp-nanos',
  'local-timestamp-millis',
  'local-timestamp-micros',
  'local-timestamp-nanos',
]);

/** A logical type that keeps its name; its values are those of the underlying type. */
class Named extends builtins.LogicalType {
  readonly _logicalTypeName: string;

  constructor({ logicalType, ...schema }: Readonly<Record<string, unknown>>, options: Options) {
    // avsc makes the underlying type from this schema. The logical type is removed from it, so that the hook below may replace
    // the type.
    super(schema, options);
    this._logicalTypeName = String(logicalType);
  }

  _fromValue(value: unknown): unknown {
    return value;
  }

  _toValue(value: unknown): unknown {
    return value;
  }
}

/** An exact long, as in avsc's documentation: avsc's own long refuses values above 53 bits. */
const exactLong = builtins.LongType.__with(
  {
    fromBuffer: longOf,
    toBuffer: notWritten,
    fromJSON: BigInt,
    toJSON: Number,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: notWritten,
  },
  true,
);

function notWritten(): never {
  throw new Error('values are read by these types, and not written');
}

/**
 * A map that is passed over only as far as its bytes can hold its count: avsc would go back where a block has a negative size.
 */
class StrictMap extends builtins.MapType {
  _skip(tap: Tap): void {
    // A key has at least one byte.
    (tap as StrictTap).forEachEntry(1, () => {
      tap.skipString();
      this.valuesType._skip(tap);
    });
  }
}

/** An array that is passed over only as far as its bytes can hold its count. Items without bytes are not counted through. */
class StrictArray extends builtins.ArrayType {
  _skip(tap: Tap): void {
    const takes = takesBytes(this.itemsType as SchemaType);
    (tap as StrictTap).forEachEntry(takes ? 1 : 0, takes ? () => this.itemsType._skip(tap) : null);
  }
}

/** A union that fails on a missing branch when it is passed over. */
class StrictUnion extends builtins.WrappedUnionType {
  _skip(tap: Tap): void {
    const branch = this.types[tap.readLong()];
    if (branch === undefined) throw new DecodeFailure('a union has no such branch');
    branch._skip(tap);
  }
}

/** An enum that fails on a missing symbol when it is passed over. */
class StrictEnum extends builtins.EnumType {
  _skip(tap: Tap): void {
    if (this.symbols[tap.readLong()] === undefined)
      throw new DecodeFailure('an enum has no such symbol');
  }
}

/**
 * Parses a schema into avsc's types, even a hostile one.
 * @throws {SchemaError} where the text is no schema, or values of it cannot be passed over in bounded time.
 */
export const parseSchema = ({ text, references }: SchemaText): SchemaType => {
  const options = { registry: Object.create(null), typeHook, omitRecordMethods: true };
  const reader = new SchemaReader();
  const parse = (given: string, source: ReferenceText | null): SchemaType => {
    const schema = reader.read(given, source);
    const type = avscType(schema, options);
    checkCost(type);
    return type;
  };
  for (const reference of references) parse(reference.text, reference);
  return parse(text, null);
};

const avscType = (schema: unknown, options: Options): SchemaType => {
  try {
    return Type.forSchema(schema, options);
  } catch (error) {
    throw new SchemaError((error as Error).message.slice(0, longestMessage));
  }
};

/** The longest message of avsc that is repeated; it contains names of the schema. */
const longestMessage = 300;

type Options = Readonly<Record<string, unknown>>;

/** Replaces avsc's types by the strict types of this file. */
const typeHook = (schema: unknown, options: Options): unknown => {
  if (schema === 'long') return exactLong;
  if (Array.isArray(schema)) return new StrictUnion(schema, options);
  const attributes: Readonly<Record<string, unknown>> = Object(schema);
  const { type, logicalType } = attributes;
  if (logicalNames.has(logicalType)) return new Named(attributes, options);
  if (type === 'long') return exactLong;
  if (type === 'map') return new StrictMap(attributes, options);
  if (type === 'array') return new StrictArray(attributes, options);
  if (type === 'enum') return new StrictEnum(attributes, options);
  return undefined;
};

/** Tells whether a type's values have at least one byte. */
export const takesBytes = (type: SchemaType): boolean => costOf(type, null).bytes > 0;

/**
 * The most values without bytes within a value, for each byte of its minimum. Passing over them takes time all the same, and
 * nested records can double them at each level.
 */
const mostIdle = 100;

/** The minimum contents of a value. */
interface Cost {
  readonly bytes: number;
  /** The contained values without bytes of their own. */
  readonly idle: number;
}

/**
 * Checks the time of passing over values.
 * @throws {SchemaError} where values of the type, or of a contained type, take too many steps for their bytes.
 */
const checkCost = (type: SchemaType): void => {
  const visited = new Set<SchemaType>();
  const visit = (given: SchemaType): void => {
    const one = underlying(given);
    if (visited.has(one)) return;
    visited.add(one);
    const { bytes, idle } = costOf(one, null);
    if (idle > mostIdle * (1 + bytes))
      throw new SchemaError(`${describeType(one)} holds too many values that take no byte`);
    for (const { type: field } of one.fields ?? []) visit(field);
    for (const branch of one.types ?? []) visit(branch);
    if (one.itemsType !== undefined) visit(one.itemsType);
    if (one.valuesType !== undefined) visit(one.valuesType);
  };
  visit(type);
};

/** The costs of types so far, because they are needed for each array of each value. */
const costs = new WeakMap<SchemaType, Cost>();

/**
 * Computes the minimum contents of a type's values.
 * @param around the records that contain the type as a field; null for none.
 */
const costOf = (given: SchemaType, around: Set<SchemaType> | null): Cost => {
  const type = underlying(given);
  const found = costs.get(type);
  if (found !== undefined) return found;
  if (around?.has(type)) throw new SchemaError(`${describeType(type)} contains itself`);
  const within = around ?? new Set();
  within.add(type);
  const empty = kindOfType(type) === 'null' || type.size === 0;
  let bytes = empty || type.fields !== undefined ? 0 : (type.size ?? 1);
  let idle = empty || type.fields !== undefined ? 1 : 0;
  for (const field of type.fields ?? []) {
    const cost = costOf(field.type, within);
    bytes += cost.bytes;
    idle += cost.idle;
  }
  const cost = { bytes, idle };
  costs.set(type, cost);
  return cost;
};
