import avsc, { type ReadingType, type Tap } from 'avsc/lib/types.js';
import { type ReferenceText, type SchemaText, shown } from '../../schema-registry/schema-text.ts';
import { DecodeFailure } from '../decode-failure.ts';
import { SchemaError, SchemaReader } from './schema-text.ts';
import { longOf, type StrictTap } from './strict-tap.ts';

const { Type, builtins } = avsc;

/** A field of a record, as avsc has it. */
export interface SchemaField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: SchemaType;
}

/** A type of a schema: avsc's, told apart by `typeName`. */
export interface SchemaType extends ReadingType {
  /** A record's. */
  readonly fields?: readonly SchemaField[];
  /** A union's branches. */
  readonly types?: readonly SchemaType[];
  readonly itemsType?: SchemaType;
  readonly valuesType?: SchemaType;
  /** A fixed's bytes. */
  readonly size?: number;
  readonly symbols?: readonly string[];
  /** What a logical type is made of. */
  readonly underlyingType?: SchemaType;
}

/** The name of a type's logical type; null where it has none that Avro knows. */
export const logicalTypeOf = ({ typeName }: SchemaType): string | null =>
  typeName.startsWith('logical:') ? typeName.slice('logical:'.length) : null;

/** A type without its logical type. */
export const underlying = (type: SchemaType): SchemaType => type.underlyingType ?? type;

/** What a type is called: avsc has names of its own for unions and longs. */
export const kindOfType = (type: SchemaType): string => {
  const { typeName } = underlying(type);
  return typeName === 'abstract:long' ? 'long' : typeName.replace(/:.*/, '');
};

/** How a message names a type. */
export const describeType = (type: SchemaType): string => {
  const kind = kindOfType(type);
  const name = underlying(type).name;
  if (name !== undefined) return `${kind} ${shown(name)}`;
  if (kind === 'union') return `union of ${type.types?.length}`;
  const logicalType = logicalTypeOf(type);
  return logicalType === null ? kind : `${kind} (${shown(logicalType)})`;
};

/** Logical types of Avro 1.12, which say what a number, a text or bytes mean. avsc passes over those that it is not told of. */
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

/** Keeps the name of a logical type; its values are those of the type that it is made of. */
class Named extends builtins.LogicalType {
  readonly _logicalTypeName: string;

  constructor({ logicalType, ...schema }: Readonly<Record<string, unknown>>, options: Options) {
    // avsc asks for the type that it is made of by this schema: without the name, so that the hook below may give one of its own.
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

/** A long to its last digit, as avsc's documentation has it: its own refuses what 53 bits do not hold. */
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

/** Passes over a map whose count its bytes can hold: avsc would go back where a block says a size below zero. */
class StrictMap extends builtins.MapType {
  _skip(tap: Tap): void {
    // A key takes a byte at least.
    (tap as StrictTap).forEachEntry(1, () => {
      tap.skipString();
      this.valuesType._skip(tap);
    });
  }
}

/** Passes over an array in the same way; items without bytes are not counted through. */
class StrictArray extends builtins.ArrayType {
  _skip(tap: Tap): void {
    const takes = takesBytes(this.itemsType as SchemaType);
    (tap as StrictTap).forEachEntry(takes ? 1 : 0, takes ? () => this.itemsType._skip(tap) : null);
  }
}

/** Passes over a value of a branch that there is. */
class StrictUnion extends builtins.WrappedUnionType {
  _skip(tap: Tap): void {
    const branch = this.types[tap.readLong()];
    if (branch === undefined) throw new DecodeFailure('a union has no such branch');
    branch._skip(tap);
  }
}

/** Passes over a symbol that there is. */
class StrictEnum extends builtins.EnumType {
  _skip(tap: Tap): void {
    if (this.symbols[tap.readLong()] === undefined)
      throw new DecodeFailure('an enum has no such symbol');
  }
}

/**
 * Makes avsc's types of a schema, also of one that a hostile party wrote.
 * @throws {SchemaError} where it is no schema, or one whose values cannot be passed over in bounded time.
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

/** avsc's messages repeat names of the schema. */
const longestMessage = 300;

type Options = Readonly<Record<string, unknown>>;

/** Gives avsc types of this file for those that it reads loosely. */
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

/** Tells whether a type's values take a byte at least. */
export const takesBytes = (type: SchemaType): boolean => costOf(type, null).bytes > 0;

/**
 * Values within a value that take no byte, for each byte that it has at the least: passing over them takes time all the same, and in
 * records within records they can double at each level.
 */
const mostIdle = 100;

/** What a value takes at the least. */
interface Cost {
  readonly bytes: number;
  /** Values within it that take no byte of their own. */
  readonly idle: number;
}

/** @throws {SchemaError} where values of a type, or of one within it, take too many steps for their bytes. */
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

/** What is known of types: it is asked for each array of each value. */
const costs = new WeakMap<SchemaType, Cost>();

/** @param around the records that the type is a field of; null for none. */
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
