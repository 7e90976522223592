import avsc from 'avsc/lib/types.js';
import { type ReferenceText, shown } from '../../schema-registry/schema-text.ts';

/** A schema that is none, or that does not fit; the message says where. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/** Levels of a schema's JSON; those that people write have about ten. */
const deepest = 100;

/** Types and fields of a schema with its references: avsc makes code of each record, which takes a quarter of a millisecond. */
const mostParts = 5_000;

/** Avro's rule for the name of a field. avsc has it too, and repeats a name that breaks it as it is. */
const fieldName = /^[A-Za-z_][A-Za-z0-9_]*$/;

type Attributes = Readonly<Record<string, unknown>>;

/** Where in a schema, and how deep. */
interface Place {
  readonly path: string;
  readonly depth: number;
  /** The namespace around it; empty for none. */
  readonly namespace: string;
}

/** The schema that a definition stands in: one that is referred to, or null for the schema itself. */
type Source = ReferenceText | null;

/** A named type that is defined. */
interface Definition {
  readonly source: Source;
  /** Its definition as it was read, in JSON; null while it is being read, for it may name itself. */
  text: string | null;
}

/**
 * Takes of a schema what reading needs, and says where something is missing. Defaults, the order and the aliases of a writer's fields
 * and the symbols of its enums are left out: avsc would refuse the schema for those that are wrong, and they mean nothing to who reads.
 */
export class SchemaReader {
  /** Types and fields so far. */
  #parts = 0;
  /** The named types so far, by their names with the namespace. */
  readonly #names = new Map<string, Definition>();
  #source: Source = null;

  /**
   * Reads a schema, or one that it refers to: those first.
   * @returns the schema in Avro's JSON, its names with their namespaces.
   * @throws {SchemaError} where it is none, or far larger than those that people write.
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

  #type(given: unknown, { path, depth, namespace }: Place): unknown {
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
    // A type within `type`, as in {"type": {"type": "string"}}; the attributes that count are the inner one's.
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
        // A type that is defined elsewhere is given by its name alone.
        return avsc.isPrimitive(type) && 'logicalType' in kept
          ? kept
          : this.#named(type, namespace, path);
    }
  }

  /** A name is looked for in the namespace around it, then in none. */
  #named(name: string, namespace: string, path: string): string {
    if (avsc.isPrimitive(name)) return name;
    const found = [qualified(name, namespace), name].find((one) => this.#names.has(one));
    if (found === undefined) throw new SchemaError(`${path} has the unknown type ${shown(name)}`);
    // avsc takes a name without a dot to be of the namespace around it.
    return found.includes('.') ? found : `.${found}`;
  }

  /** Defines a named type, once: another schema may repeat it as it is, and is then given the name. */
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

/** A definition in JSON, in which types that are defined within stand by their names: a repetition has the names alone. */
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
    // A schema that is one name alone may come without quotes.
    if (avsc.isPrimitive(text)) return text;
    throw new SchemaError('the schema is not JSON');
  }
};

/** Some of a schema's attributes, those that are texts. */
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

/** Replaces the symbols of an enum by names that avsc takes: an enum is never read, and only the number of its symbols counts. */
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
