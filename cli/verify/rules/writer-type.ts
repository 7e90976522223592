/** A type of a writer's schema. */
export type WriterType =
  | { readonly kind: Primitive; readonly logicalType: string | null }
  | { readonly kind: 'fixed'; readonly size: number; readonly logicalType: string | null }
  | { readonly kind: 'enum'; readonly symbols: number }
  | { readonly kind: 'array' | 'map'; readonly items: WriterType }
  | { readonly kind: 'record'; readonly name: string; readonly fields: readonly WriterField[] }
  | { readonly kind: 'union'; readonly branches: readonly WriterType[] };

interface WriterField {
  readonly name: string;
  readonly type: WriterType;
}

const primitives = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
] as const;
type Primitive = (typeof primitives)[number];

const isPrimitive = (name: unknown): name is Primitive => primitives.includes(name as Primitive);

/** A schema that is not understood here; what becomes of its values cannot be told. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
}

/** Schemas written by people nest their types about ten deep. */
const deepest = 100;

/**
 * Reads a schema from its JSON by hand, without code of the function.
 * @param references the schemas that it refers to, each before those that need it.
 * @throws {NotUnderstood} where it has something that this reader does not know.
 */
export const writerType = (text: string, references: readonly string[]): WriterType => {
  const names = new Map<string, WriterType>();
  for (const reference of references) typeOf(parsed(reference), { names, namespace: '', depth: 0 });
  return typeOf(parsed(text), { names, namespace: '', depth: 0 });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new NotUnderstood('it is no JSON');
  }
};

interface Around {
  /** The named types so far, by full name. */
  readonly names: Map<string, WriterType>;
  readonly namespace: string;
  readonly depth: number;
}

const typeOf = (given: unknown, around: Around): WriterType => {
  const inner = { ...around, depth: around.depth + 1 };
  if (inner.depth > deepest) throw new NotUnderstood('it is too deep');
  if (typeof given === 'string') return named(given, around);
  if (Array.isArray(given))
    return { kind: 'union', branches: given.map((branch) => typeOf(branch, inner)) };
  const schema: Readonly<Record<string, unknown>> = Object(given);
  const { type, logicalType: logical } = schema;
  const logicalType = typeof logical === 'string' ? logical : null;
  if (isPrimitive(type)) return { kind: type, logicalType };
  switch (type) {
    case 'array':
      return { kind: type, items: typeOf(schema['items'], inner) };
    case 'map':
      return { kind: type, items: typeOf(schema['values'], inner) };
    case 'enum':
      if (!Array.isArray(schema['symbols'])) throw new NotUnderstood('an enum has no symbols');
      return define(schema, around, { kind: type, symbols: schema['symbols'].length });
    case 'fixed':
      if (!Number.isSafeInteger(schema['size'])) throw new NotUnderstood('a fixed has no size');
      return define(schema, around, { kind: type, size: schema['size'] as number, logicalType });
    case 'record':
      return recordOf(schema, inner);
    default:
      return typeof type === 'object' && type !== null
        ? typeOf(type, inner)
        : named(String(type), around);
  }
};

/** Reads a record. It stands under its name before its fields are read, for they may name it. */
const recordOf = (schema: Readonly<Record<string, unknown>>, around: Around): WriterType => {
  const fields: WriterField[] = [];
  const name = fullName(schema, around);
  const record = define(schema, around, { kind: 'record', name, fields });
  const namespace = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
  if (!Array.isArray(schema['fields'])) throw new NotUnderstood('a record has no fields');
  for (const field of schema['fields'] as { readonly name: unknown; readonly type: unknown }[])
    fields.push({ name: String(field.name), type: typeOf(field.type, { ...around, namespace }) });
  return record;
};

const define = (
  schema: Readonly<Record<string, unknown>>,
  around: Around,
  type: WriterType,
): WriterType => {
  around.names.set(fullName(schema, around), type);
  return type;
};

const fullName = (
  { name, namespace }: Readonly<Record<string, unknown>>,
  around: Around,
): string => {
  if (typeof name !== 'string') throw new NotUnderstood('a type has no name');
  return name.includes('.') ? name : qualified(name, namespace ?? around.namespace);
};

const qualified = (name: string, namespace: unknown): string =>
  typeof namespace === 'string' && namespace !== '' ? `${namespace}.${name}` : name;

/** Finds a type by its name: a primitive, one in the enclosing namespace, or one in none. */
const named = (name: string, { names, namespace }: Around): WriterType => {
  if (isPrimitive(name)) return { kind: name, logicalType: null };
  const found = names.get(qualified(name, namespace)) ?? names.get(name);
  if (found === undefined) throw new NotUnderstood('it names a type that it does not have');
  return found;
};
