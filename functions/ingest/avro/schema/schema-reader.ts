import avsc from 'avsc/lib/types.js';
import { type ReferenceText, shown } from '../../schema-registry/schema-text.ts';

/** An invalid or unsuitable schema; the message says where. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** The deepest nesting of a schema's JSON; schemas written by people have about ten levels. */
const deepest = 100;

/**
 * The most types and fields of a schema with its references: avsc generates code for each record, which takes a quarter of a
 * millisecond.
 */
const mostParts = 5_000;

/** Avro's rule for the name of a field. avsc checks it too, but repeats a wrong name unchanged in its message. */
const fieldName = /^[A-Za-z_][A-Za-z0-9_]*$/;

type Attributes = Readonly<Record<string, unknown>>;

/** A position within a schema. */
interface SchemaPosition {
  readonly path: string;
  readonly depth: number;
  /** The enclosing namespace; empty for none. */
  readonly namespace: string;
}

/** The schema that contains a definition: a referenced one, or null for the schema itself. */
type Source = ReferenceText | null;

/** The definition of a named type. */
interface Definition {
  readonly source: Source;
  /** The definition in JSON; null while it is being read, because it may name itself. */
  text: string | null;
}

/**
 * Extracts from a schema the parts that reading needs, and names missing parts. It leaves out defaults, sort orders, the aliases
 * of fields and the symbols of enums: they mean nothing to a reader, but avsc would refuse a schema with wrong ones.
 */
export class SchemaReader {
  /** The types and fields so far. */
  #parts = 0;
  /** The named types so far, by full name. */
  readonly #names = new Map<string, Definition>();
  #source: Source = null;

  /**
   * Reads a schema. The schemas that it refers to must be read before it.
   * @returns the schema in Avro's JSON, with full names.
   * @throws {SchemaError} where the text is no schema, or a far larger one than people write.
   */
  read(text: string, source: Source = null): unknown {
    this.#source = source;
    try {
      return this.#type(parseJson(text), { path: '$', depth: 0, namespace: '' });
    } catch (error) {
      if (source === null || !(error instanceof SchemaError)) throw error;
      throw new SchemaError(`${source.origin}, which it refers to: ${error.message}`);
    }
  }

  #type(given: unknown, { path, depth, namespace }: SchemaPosition): unknown {
    if (depth > deepest) throw new SchemaError(`${path} is nested more than ${deepest} deep`);
    this.#parts += 1;
    if (this.#parts > mostParts)
      throw new SchemaError(`the schema has more than ${mostParts} types and fields`);
    const inner = (type: unknown, at: string, within = namespace): unknown =>
      this.#type(type, { path: at, depth: depth + 1, namespace: within });
    if (typeof given === 'string') return this.#named(given, namespace, path);
    if (Array.isArray(given))
      return given.map((branch, index) => inner(branch, `${path}[${index}]`));
    if (typeof given !== 'object' || given === null) throw new SchemaError(`${path} is not a type`);
    const schema = given as Attributes;
    const { type } = schema;
    // A type may stand within `type`, as in {"type": {"type": "string"}}; the inner attributes count.
    if (typeof type === 'object') return inner(type, path);
    if (typeof type !== 'string') throw new SchemaError(`${path} has no type`);
    const kept = { type, ...textsOf(schema, 'logicalType') };
    switch (type) {
      case 'array':
        return { ...kept, items: inner(schema['items'], `${path}.items`) };
      case 'map':
        return { ...kept, values: inner(schema['values'], `${path}.values`) };
      case 'enum':
        return this.#define(schema, namespace, path, () => ({
          ...kept,
          symbols: symbolsOf(schema, path),
        }));
      case 'fixed':
        return this.#define(schema, namespace, path, () => ({
          ...kept,
          size: sizeOf(schema, path),
        }));
      case 'record':
      case 'error':
        return this.#define(schema, namespace, path, (within) => ({
          ...kept,
          fields: fieldsOf(schema, path, (field, at) => inner(field, at, within)),
        }));
      default:
        // A type defined elsewhere is given by its name alone.
        return avsc.isPrimitive(type) && 'logicalType' in kept
          ? kept
          : this.#named(type, namespace, path);
    }
  }

  /** Resolves a name, first in the enclosing namespace, then in none. */
  #named(name: string, namespace: string, path: string): string {
    if (avsc.isPrimitive(name)) return name;
    const found = [qualified(name, namespace), name].find((one) => this.#names.has(one));
    if (found === undefined) throw new SchemaError(`${path} has the unknown type ${shown(name)}`);
    // avsc resolves a name without a dot in the enclosing namespace.
    return found.includes('.') ? found : `.${found}`;
  }

  /** Defines a named type once. Another schema may repeat the same definition, and gets the name instead. */
  #define(
    schema: Attributes,
    around: string,
    path: string,
    read: (namespace: string) => object,
  ): unknown {
    const { name: given } = schema;
    if (typeof given !== 'string' || given === '') throw new SchemaError(`${path} has no name`);
    const own = schema['namespace'];
    const name = qualified(given, typeof own === 'string' ? own : around);
    const namespace = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
    const known = this.#names.get(name);
    if (known !== undefined && known.source === this.#source)
      throw new SchemaError(`${path} defines ${shown(name)} once more`);
    const definition: Definition = known ?? { source: this.#source, text: null };
    if (known === undefined) this.#names.set(name, definition);
    const type = {
      ...read(namespace),
      name: name.slice(namespace.length).replace('.', ''),
      namespace,
    };
    const text = definitionText(type);
    definition.text ??= text;
    if (known === undefined) return type;
    if (known.text === text) return this.#named(name, '', path);
    throw new SchemaError(
      `${path} defines ${shown(name)} otherwise than ${known.source?.origin} does`,
    );
  }
}

/**
 * Writes a definition in JSON. Nested definitions are replaced by their names, because a repeated definition has the names alone.
 */
const definitionText = (type: object): string =>
  JSON.stringify(type, (_, value) =>
    value !== type && typeof value?.namespace === 'string'
      ? `${value.namespace}.${value.name}`
      : value,
  );

const qualified = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // A schema that is a single name may come without quotes.
    if (avsc.isPrimitive(text)) return text;
    throw new SchemaError('the schema is not JSON');
  }
};

/** Selects the attributes of a schema that are texts. */
const textsOf = (schema: Attributes, ...attributes: readonly string[]): object =>
  Object.fromEntries(
    attributes.flatMap((name) => {
      const value = schema[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );

const list = (schema: Attributes, attribute: string, path: string): readonly unknown[] => {
  const value = schema[attribute];
  if (Array.isArray(value)) return value;
  throw new SchemaError(`${path} has no list of ${attribute}`);
};

/**
 * Replaces the symbols of an enum by names that avsc accepts: an enum is never read, and only the number of its symbols counts.
 */
const symbolsOf = (schema: Attributes, path: string): readonly string[] =>
  list(schema, 'symbols', path).map((_, index) => `s${index}`);

const sizeOf = ({ size }: Attributes, path: string): number => {
  if (typeof size === 'number' && (size | 0) === size && size >= 0) return size;
  throw new SchemaError(`${path} is a fixed without a size`);
};

const fieldsOf = (
  schema: Attributes,
  path: string,
  inner: (type: unknown, at: string) => unknown,
): readonly object[] => {
  const seen = new Set<string>();
  return list(schema, 'fields', path).map((field, index) => {
    const { name, type } = Object(field);
    if (typeof name !== 'string' || name === '')
      throw new SchemaError(`${path}.fields[${index}] has no name`);
    if (!fieldName.test(name))
      throw new SchemaError(
        `${path} has the field ${shown(name)}, a name that Avro does not allow`,
      );
    if (seen.has(name)) throw new SchemaError(`${path} has two fields ${shown(name)}`);
    seen.add(name);
    return { name, type: inner(type, `${path}.${name.slice(0, 100)}`) };
  });
};
