import published from '../../../schema/user-event.avsc.json' with { type: 'json' };

/** A value of an event's field or of a column: a uuid as text, a time in milliseconds, a long as a bigint. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | Buffer
  | ReadonlyMap<string, string>
  | null;

/** The Avro types that this folder reads and makes. */
export type FieldType =
  | 'uuid'
  | 'string'
  | 'time'
  | 'long'
  | 'int'
  | 'boolean'
  | 'double'
  | 'bytes'
  | 'map';

/** A field of a record's schema. */
export interface SchemaField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: FieldType;
  /** The index of null in the field's union, 0 or 1; null where the field is no union. */
  readonly nullAt: number | null;
  /** The default value; undefined where the schema gives none. */
  readonly fallback: Value | undefined;
}

interface RecordJson {
  readonly fields: readonly {
    readonly name: string;
    readonly type: unknown;
    readonly aliases?: readonly string[];
    readonly default?: unknown;
  }[];
}

/**
 * Reads the fields of a record's schema from its JSON, without code of the function; returns null where it is no record,
 * or a field has an unknown type.
 */
export const fieldsOf = (schema: RecordJson): readonly SchemaField[] | null => {
  if (!Array.isArray(schema.fields)) return null;
  const fields: SchemaField[] = [];
  for (const { name, type, aliases = [], default: given } of schema.fields) {
    const branches: readonly unknown[] = Array.isArray(type) ? type : [type];
    const nullAt = branches.indexOf('null');
    const others = branches.filter((branch) => branch !== 'null');
    const known = others.length === 1 ? typeOf(others[0]) : null;
    if (known === null) return null;
    fields.push({
      name,
      aliases,
      type: known,
      nullAt: nullAt < 0 ? null : nullAt,
      fallback: given === undefined ? undefined : defaultOf(known, given),
    });
  }
  return fields;
};

const plain: ReadonlySet<unknown> = new Set([
  'string',
  'long',
  'int',
  'boolean',
  'double',
  'bytes',
]);

const typeOf = (given: unknown): FieldType | null => {
  const { type, logicalType, values } = typeof given === 'string' ? { type: given } : Object(given);
  if (type === 'map') return typeOf(values) === 'string' ? 'map' : null;
  if (type === 'string' && logicalType === 'uuid') return 'uuid';
  if (type === 'long' && logicalType === 'timestamp-millis') return 'time';
  return plain.has(type) && logicalType === undefined ? type : null;
};

/** Reads a default of the schema, which is JSON, as a value. */
const defaultOf = (type: FieldType, given: unknown): Value => {
  if (given === null) return null;
  if (type === 'long') return BigInt(given as number);
  // Avro writes a byte as the character of its number.
  if (type === 'bytes') return Buffer.from(given as string, 'latin1');
  if (type === 'map') return new Map(Object.entries(given as Record<string, string>));
  return given as string | number | boolean;
};

/** The fields of `schema/user-event.avsc.json`. */
export const publishedFields = fieldsOf(published) ?? [];
