import type { TableDefinition } from '../../../schema/table-definition.ts';
import { fallbackOf } from './fallback.ts';
import { type Kind, kindOf, kinds } from './kinds.ts';
import { longestKeyText } from './limits.ts';
import type { FieldValue } from './user-event.ts';

/** A field of the event, from `schema/user-event.avsc.json`. */
export interface Field {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: Kind;
  readonly nullable: boolean;
  /** The default value; undefined where the schema gives none. */
  readonly fallback: FieldValue | undefined;
  /** True where the field is part of the row's key. Such a field has a value, and its text is neither empty nor too long. */
  readonly isKey: boolean;
}

/** The source of a column's values: a field of the event, or the UTC day or hour of its time. */
type ColumnSource = Field | 'day' | 'hour';

/** A column of `user_events`, from `schema/tables.cql`. */
export interface Column {
  readonly name: string;
  readonly source: ColumnSource;
}

/**
 * The plan of events and rows, compiled from the reader's schema and the CREATE TABLE statement. All other code that needs fields
 * or columns takes them from here.
 */
export interface EventPlan {
  /** The reader's schema, in Avro's JSON. */
  readonly schema: RecordSchema;
  /** The full name of the schema's record. */
  readonly name: string;
  /** The aliases of the record. */
  readonly aliases: readonly string[];
  readonly fields: readonly Field[];
  /** The field with the event's time. */
  readonly time: Field;
  /** The columns in the order of the table, which is also that of the INSERT and its values. */
  readonly columns: readonly Column[];
  /** The columns of the partition key, in their order. */
  readonly partitionKey: readonly Column[];
  /** The columns of the clustering key, in their order. */
  readonly clusteringKey: readonly Column[];
  /** The fields of the row's key, without the time and the computed columns. */
  readonly rowKey: readonly Field[];
}

/** The error of a schema and a table that do not fit together; its message has a sentence for each mistake. */
export class EventPlanError extends Error {
  override readonly name = 'EventPlanError';
  readonly mistakes: readonly string[];

  constructor(table: string, mistakes: readonly string[]) {
    super(
      `schema/user-event.avsc.json and table ${table} do not fit together:\n${mistakes
        .map((mistake) => `  - ${mistake}`)
        .join('\n')}`,
    );
    this.mistakes = mistakes;
  }
}

/** The name of the field with the event's time, from which lateness and buckets are computed. */
export const timeField = 'event_time';

/** The columns that are computed from the event's time, with their types. */
const computed: ReadonlyMap<string, { readonly source: 'day' | 'hour'; readonly cql: string }> =
  new Map([
    ['bucket_date', { source: 'day', cql: 'date' }],
    ['bucket_hour', { source: 'hour', cql: 'tinyint' }],
  ]);

/** A record's schema in Avro's JSON, with the attributes that the plan reads. */
export interface RecordSchema {
  readonly name: string;
  readonly namespace?: string;
  readonly aliases?: readonly string[];
  readonly fields: readonly {
    readonly name: string;
    readonly type: unknown;
    readonly aliases?: readonly string[];
    readonly default?: unknown;
  }[];
}

/**
 * Compiles the plan of events and rows.
 * @throws {EventPlanError} where a field has no column, a column has no field, types do not fit, or a key may be null.
 */
export const compilePlan = (schema: RecordSchema, table: TableDefinition): EventPlan => {
  const mistakes: string[] = [];
  const types = new Map(table.columns.map(({ name, type }) => [name, type]));
  const keys = new Set([...table.partitionKey, ...table.clusteringKey.map(({ name }) => name)]);

  const fields: Field[] = [];
  for (const { name, type, aliases = [], default: given } of schema.fields) {
    const { inner, nullable } = withoutNull(type);
    const kind = kindOf(inner);
    if (kind === undefined) {
      mistakes.push(
        `field ${name} has a type that no column can hold: use one of ${avroTypes()}, alone or in a union with null`,
      );
      continue;
    }
    const { cql } = kinds[kind];
    const column = types.get(name);
    if (column === undefined)
      mistakes.push(
        `field ${name} has no column: add \`${name} ${cql}\` to the table in schema/tables.cql`,
      );
    else if (column !== cql)
      mistakes.push(
        `field ${name} is ${kinds[kind].avro} and its column ${column}: the column must be ${cql}`,
      );
    if (nullable && keys.has(name))
      mistakes.push(
        `field ${name} may be null and its column is part of the key: a key has a value`,
      );
    const fallback = given === undefined ? undefined : fallbackOf(kind, nullable, given);
    if (given !== undefined && fallback === undefined)
      mistakes.push(`field ${name} has a default that is no ${kinds[kind].avro}`);
    if (
      kind === 'text' &&
      !nullable &&
      keys.has(name) &&
      fallback !== undefined &&
      !isKeyText(fallback)
    )
      mistakes.push(
        `field ${name} has a default that no key can be: a text has 1 to ${longestKeyText} bytes there`,
      );
    fields.push({ name, aliases, kind, nullable, fallback, isKey: keys.has(name) });
  }

  const byName = new Map(fields.map((field) => [field.name, field]));
  const known = new Set(schema.fields.map(({ name }) => name));
  const columns: Column[] = [];
  for (const { name, type } of table.columns) {
    const derived = computed.get(name);
    if (derived !== undefined) {
      if (type !== derived.cql)
        mistakes.push(`column ${name} is ${type} and must be ${derived.cql}`);
      columns.push({ name, source: derived.source });
      continue;
    }
    const field = byName.get(name);
    if (field !== undefined) columns.push({ name, source: field });
    else if (!known.has(name))
      mistakes.push(
        `column ${name} has no field of that name: add the field to schema/user-event.avsc.json, or take the column out`,
      );
  }

  const time = byName.get(timeField);
  if (time === undefined) {
    if (!known.has(timeField))
      mistakes.push(`field ${timeField} is missing: it is the event's time`);
  } else if (time.kind !== 'time' || time.nullable)
    mistakes.push(
      `field ${timeField} must be ${kinds.time.avro}, and not null: it is the event's time`,
    );
  if (mistakes.length > 0 || time === undefined) throw new EventPlanError(table.name, mistakes);

  const columnOf = (name: string): Column =>
    columns.find((column) => column.name === name) as Column;
  const rowKey = fields.filter(({ isKey, name }) => isKey && name !== timeField);
  const { name, namespace, aliases = [] } = schema;
  return {
    schema,
    name: namespace === undefined || name.includes('.') ? name : `${namespace}.${name}`,
    aliases,
    fields,
    time,
    columns,
    partitionKey: table.partitionKey.map(columnOf),
    clusteringKey: table.clusteringKey.map(({ name }) => columnOf(name)),
    rowKey,
  };
};

const isKeyText = (value: FieldValue): boolean =>
  typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= longestKeyText;

/** Removes null from a union of null and one type; returns any other type unchanged. */
const withoutNull = (type: unknown): { readonly inner: unknown; readonly nullable: boolean } => {
  if (!Array.isArray(type) || type.length !== 2 || !type.includes('null'))
    return { inner: type, nullable: false };
  return { inner: type.find((branch) => branch !== 'null'), nullable: true };
};

const avroTypes = (): string =>
  Object.values(kinds)
    .map(({ avro }) => avro)
    .join(', ');
