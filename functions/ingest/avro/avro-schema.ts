/** A schema as a registry has it: JSON text, and the schemas that it refers to, each before those that need it. */
export interface SchemaText {
  readonly text: string;
  readonly references: readonly ReferenceText[];
  /** Whether it came with the function, so that it says nothing of the registry. */
  readonly bundled?: true;
}

/** A schema that another refers to. */
export interface ReferenceText {
  readonly text: string;
  /** Where it is from, as messages name it: a subject and its version. */
  readonly origin: string;
}

type Primitive = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroType;
  /** As JSON; undefined where there is none. */
  readonly fallback: unknown;
}

export interface RecordType {
  readonly kind: 'record';
  /** With its namespace. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly fields: readonly AvroField[];
}

/** An Avro type, checked as far as reading needs it. Records may contain themselves. */
export type AvroType =
  | { readonly kind: Primitive; readonly logicalType: string | null }
  | {
      readonly kind: 'fixed';
      readonly name: string;
      readonly size: number;
      readonly logicalType: string | null;
    }
  | { readonly kind: 'enum'; readonly name: string; readonly symbols: number }
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] }
  | RecordType;

/** A schema that is none, or that does not fit; the message says where. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** Names come from others: quoted, and not longer than a line. */
export const shown = (name: string): string =>
  name.length <= 100 ? JSON.stringify(name) : `${JSON.stringify(name.slice(0, 100))}…`;

/** How a message names a type. */
export const typeName = (type: AvroType): string => {
  if ('name' in type) return `${type.kind} ${shown(type.name)}`;
  if (type.kind === 'union') return `union of ${type.branches.length}`;
  return 'logicalType' in type && type.logicalType !== null
    ? `${type.kind} (${shown(type.logicalType)})`
    : type.kind;
};

const primitives: ReadonlySet<unknown> = new Set<Primitive>([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);
const isPrimitive = (name: unknown): name is Primitive => primitives.has(name);

/** Levels of a schema's JSON; those that people write have about ten. */
const deepest = 100;

/**
 * Reads a schema by the rules of Avro 1.12, also one that a hostile party wrote: names are keys of maps and nothing
 * else, and no code is made of them. What reading does not need (defaults of the writer, the order of fields, the form
 * of names) is not checked.
 * https://avro.apache.org/docs/1.12.0/specification/#schema-declaration
 * @throws {SchemaError} saying what is wrong where.
 */
export const parseSchema = ({ text, references }: SchemaText): AvroType => {
  const names: Names = new Map();
  for (const source of references) {
    try {
      parseType(json(source.text), '', '$', { names, source }, 0);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      throw new SchemaError(`${source.origin}, which it refers to: ${error.message}`);
    }
  }
  return parseType(json(text), '', '$', { names, source: null }, 0);
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // A schema that is one name alone may come without quotes.
    if (isPrimitive(text)) return text;
    throw new SchemaError('the schema is not JSON');
  }
};

/** The schema that a definition stands in: one that is referred to, or null for the schema itself. */
type Source = ReferenceText | null;

/** The named types that are defined, each with the schema that did it. */
type Names = Map<string, { readonly type: NamedType; readonly source: Source }>;
type NamedType = Extract<AvroType, { readonly name: string }>;

/** What the parser of one schema's text knows. */
interface Scope {
  readonly names: Names;
  readonly source: Source;
}

/**
 * Whether a name is defined the same way once more, as far as reading goes. Named types within are the same objects when their
 * names are the same, for each name has one definition.
 */
const isSameType = (one: AvroType, other: AvroType): boolean => {
  if (one === other) return true;
  if (one.kind === 'array' && other.kind === 'array') return isSameType(one.items, other.items);
  if (one.kind === 'map' && other.kind === 'map') return isSameType(one.values, other.values);
  if (one.kind === 'union' && other.kind === 'union')
    return (
      one.branches.length === other.branches.length &&
      one.branches.every((branch, index) => isSameType(branch, other.branches[index] as AvroType))
    );
  return (
    !('name' in one) &&
    'logicalType' in one &&
    one.kind === other.kind &&
    one.logicalType === other.logicalType
  );
};

const isSameDefinition = (one: NamedType, other: NamedType): boolean => {
  if (one.kind === 'fixed' && other.kind === 'fixed')
    return one.size === other.size && one.logicalType === other.logicalType;
  if (one.kind === 'enum' && other.kind === 'enum') return one.symbols === other.symbols;
  return (
    one.kind === 'record' &&
    other.kind === 'record' &&
    one.fields.length === other.fields.length &&
    one.fields.every((field, index) => {
      const { name, type } = other.fields[index] as AvroField;
      return field.name === name && isSameType(field.type, type);
    })
  );
};
type Attributes = ReadonlyMap<string, unknown>;

const parseType = (
  given: unknown,
  namespace: string,
  path: string,
  scope: Scope,
  depth: number,
): AvroType => {
  if (depth > deepest) throw new SchemaError(`${path} is nested more than ${deepest} deep`);
  const inner = (type: unknown, at: string, space = namespace): AvroType =>
    parseType(type, space, at, scope, depth + 1);
  const { names, source } = scope;

  if (typeof given === 'string') return named(given, namespace, path, names);
  if (Array.isArray(given))
    return { kind: 'union', branches: given.map((one, index) => inner(one, `${path}[${index}]`)) };
  if (typeof given !== 'object' || given === null) throw new SchemaError(`${path} is not a type`);

  const schema: Attributes = new Map(Object.entries(given));
  const kind = schema.get('type');
  const logicalType = textOr(schema.get('logicalType'), null);
  // A type within `type`, as in {"type": {"type": "string"}}; the attributes that count are the inner one's.
  if (typeof kind === 'object') return inner(kind, path);
  if (isPrimitive(kind)) return { kind, logicalType };
  if (kind === 'array') return { kind, items: inner(schema.get('items'), `${path}.items`) };
  if (kind === 'map') return { kind, values: inner(schema.get('values'), `${path}.values`) };
  if (kind !== 'record' && kind !== 'error' && kind !== 'enum' && kind !== 'fixed')
    return named(kind, namespace, path, names);

  const name = fullName(schema, namespace, path);
  const known = names.get(name);
  if (known !== undefined && known.source === source)
    throw new SchemaError(`${path} defines ${shown(name)} once more`);
  /** The first definition counts, and another schema may repeat it. */
  const define = <T extends NamedType>(type: T): T => {
    if (known === undefined) names.set(name, { type, source });
    return type;
  };
  const defined = (type: NamedType): AvroType => {
    if (known === undefined) return type;
    if (isSameDefinition(type, known.type)) return known.type;
    throw new SchemaError(
      `${path} defines ${shown(name)} otherwise than ${known.source?.origin} does`,
    );
  };
  if (kind === 'fixed')
    return defined(define({ kind, name, size: sizeOf(schema, path), logicalType }));
  if (kind === 'enum')
    return defined(define({ kind, name, symbols: list(schema, 'symbols', path).length }));

  const fields: AvroField[] = [];
  // Known before its fields are read, for they may name it.
  const record = define({ kind: 'record', name, aliases: texts(schema.get('aliases')), fields });
  const space = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  const seen = new Set<string>();
  for (const [index, item] of list(schema, 'fields', path).entries()) {
    const field: Attributes = new Map(Object.entries(Object(item)));
    const fieldName = textOr(field.get('name'), '');
    if (fieldName === '') throw new SchemaError(`${path}.fields[${index}] has no name`);
    if (seen.has(fieldName)) throw new SchemaError(`${path} has two fields ${shown(fieldName)}`);
    seen.add(fieldName);
    fields.push({
      name: fieldName,
      aliases: texts(field.get('aliases')),
      type: inner(field.get('type'), `${path}.${fieldName.slice(0, 100)}`, space),
      fallback: field.get('default'),
    });
  }
  return defined(record);
};

/** A reference is looked for in the namespace around it, then in none. */
const named = (name: unknown, namespace: string, path: string, names: Names): AvroType => {
  if (typeof name !== 'string') throw new SchemaError(`${path} has no type`);
  if (isPrimitive(name)) return { kind: name, logicalType: null };
  const known = names.get(qualified(name, namespace)) ?? names.get(name);
  if (known === undefined) throw new SchemaError(`${path} has the unknown type ${shown(name)}`);
  return known.type;
};

const fullName = (schema: Attributes, enclosing: string, path: string): string => {
  const name = textOr(schema.get('name'), '');
  if (name === '') throw new SchemaError(`${path} has no name`);
  return qualified(name, textOr(schema.get('namespace'), enclosing));
};

const qualified = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;

const sizeOf = (schema: Attributes, path: string): number => {
  const size = schema.get('size');
  if (typeof size === 'number' && Number.isSafeInteger(size) && size >= 0) return size;
  throw new SchemaError(`${path} is a fixed without a size`);
};

const list = (schema: Attributes, attribute: string, path: string): readonly unknown[] => {
  const value = schema.get(attribute);
  if (Array.isArray(value)) return value;
  throw new SchemaError(`${path} has no list of ${attribute}`);
};

const textOr = <T>(value: unknown, fallback: T): string | T =>
  typeof value === 'string' ? value : fallback;

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
