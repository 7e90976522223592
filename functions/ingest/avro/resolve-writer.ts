import type { UserEventFields } from '../user-event.ts';
import {
  type AvroField,
  type AvroType,
  type RecordType,
  SchemaError,
  shown,
  typeName,
} from './avro-schema.ts';
import type { Cursor } from './cursor.ts';
import {
  type Read,
  type Reads,
  type Resolve,
  readUnion,
  text,
  textMap,
  time,
  uuid,
} from './field-types.ts';
import { type JsonField, type JsonFields, jsonRecord } from './json-shape.ts';
import { jsonNoEntries, type ReadJson, readEither } from './json-types.ts';
import { isPublishedLayout } from './scan-user-event.ts';
import { createSkips } from './skip.ts';

/** The fields of `UserEvent`, each with how it is read. */
const fieldTypes: { readonly [Name in keyof UserEventFields]: Resolve<UserEventFields[Name]> } = {
  user_id: uuid,
  event_type: text,
  event_time: time,
  event_id: uuid,
  metadata: textMap,
};
type FieldName = keyof UserEventFields;

/** Values in the order of `fieldTypes`, and one place for what is passed over. */
const places = Object.keys(fieldTypes);
const passedOver = places.length;
const toFields = (values: readonly unknown[]): UserEventFields => {
  const [user_id, event_type, event_time, event_id, metadata] = values;
  return { user_id, event_type, event_time, event_id, metadata } as UserEventFields;
};

/** How the values of one writer's schema are read. */
export interface Writer {
  readonly read: Read<UserEventFields>;
  /** The same for values that the event source mapping turned into JSON. */
  readonly json: ReadJson<UserEventFields>;
  /** Whether its values are laid out as the published schema's. */
  readonly isPublished: boolean;
}

/**
 * How values of a writer's schema are read as the reader's `UserEvent`, by Avro's rules of resolution: fields are matched by
 * name, then by the reader's aliases; what only the writer has is passed over, what only the reader has takes its default.
 * https://avro.apache.org/docs/1.12.0/specification/#schema-resolution
 * @throws {SchemaError} where they cannot be, with both schemas' names and the path.
 */
export const resolveWriter = (schema: AvroType, reader: RecordType): Writer => {
  try {
    if (schema.kind !== 'union') return resolveRecord(schema, reader);
    const { bytes, json } = readUnion(schema.branches, '$', (branch) => {
      const writer = resolveRecord(branch, reader);
      return { bytes: writer.read, json: writer.json };
    });
    return { read: bytes, json: (value) => readEither(json, value), isPublished: false };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw new SchemaError(
      `the writer’s ${typeName(schema)} cannot be read as ${typeName(reader)}: ${error.message}`,
    );
  }
};

const resolveRecord = (schema: AvroType, reader: RecordType): Writer => {
  const record = matchingRecord(schema, reader);
  const matches = matchFields(record, reader);
  const defaults = reader.fields.map((field) => defaultOf(field, matches));
  const skipOf = createSkips();
  const found = new Map<FieldName, { readonly name: string; readonly reads: Reads<unknown> }>();
  const steps = record.fields.flatMap(({ name, type }) => {
    const field = matches.get(name);
    if (field !== undefined) {
      const reads: Reads<unknown> = fieldTypes[field](type, `$.${field}`);
      found.set(field, { name, reads });
      return [{ read: reads.bytes, place: places.indexOf(field) }];
    }
    const skip = skipOf(type);
    return skip === null ? [] : [{ read: skip, place: passedOver }];
  });
  const read = (cursor: Cursor): UserEventFields => {
    const values = defaults.slice();
    for (const { read, place } of steps) values[place] = read(cursor);
    return toFields(values);
  };
  const json = jsonRecord(
    jsonFields((field) => {
      const written = found.get(field);
      return {
        names: written === undefined ? [] : [written.name],
        json: written?.reads.json,
        fallback: defaults[reader.fields.findIndex(({ name }) => name === field)],
      };
    }),
  );
  return { read, json, isPublished: isPublishedLayout(record) };
};

const jsonFields = (field: (name: FieldName) => JsonField<unknown>): JsonFields =>
  Object.fromEntries((places as FieldName[]).map((name) => [name, field(name)])) as JsonFields;

/**
 * Reads the JSON of values whose writer's schema is not known, or not Avro: by the reader's own names, aliases and types, each value
 * by itself and not wrapped. `metadata` that is null is none, for the writer may have had a union there.
 */
export const readersJson = (reader: RecordType): ReadJson<UserEventFields> =>
  jsonRecord(
    jsonFields((field) => {
      const found = reader.fields.find(({ name }) => name === field);
      if (found === undefined) return { names: [], json: undefined, fallback: undefined };
      const { json }: Reads<unknown> = fieldTypes[field](found.type, `$.${field}`);
      return {
        names: [found.name, ...found.aliases],
        json: (value) =>
          value === null && field === 'metadata' ? jsonNoEntries(value) : json(value, 'plain'),
        fallback: fallbackOf(found),
      };
    }),
  );

/** Records match by their names without the namespaces, or by an alias of the reader's. */
const matchingRecord = (writer: AvroType, { name, aliases }: RecordType): RecordType => {
  if (writer.kind !== 'record') throw new SchemaError(`$ is ${typeName(writer)}, not a record`);
  const names = [name, ...aliases].map(withoutNamespace);
  if (!names.includes(withoutNamespace(writer.name)))
    throw new SchemaError(
      `the records’ names differ, and the reader’s has no alias ${shown(withoutNamespace(writer.name))}`,
    );
  return writer;
};

const withoutNamespace = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** The writer's fields that the reader has, by the writer's names. */
const matchFields = (writer: RecordType, reader: RecordType): Map<string, FieldName> => {
  const written = new Set(writer.fields.map(({ name }) => name));
  return new Map(
    reader.fields.flatMap(({ name, aliases }) => {
      const found = [name, ...aliases].find((one) => written.has(one));
      return found === undefined ? [] : [[found, name as FieldName] as const];
    }),
  );
};

/** What the reader's schema gives a field that the writer's has not; undefined where it gives nothing. */
const fallbackOf = ({ name, fallback }: AvroField): unknown =>
  fallback !== undefined && name === 'metadata'
    ? new Map(Object.entries(Object(fallback)))
    : fallback;

const defaultOf = (field: AvroField, matches: ReadonlyMap<string, FieldName>): unknown => {
  const { name, fallback } = field;
  if (fallback !== undefined) return fallbackOf(field);
  if (![...matches.values()].includes(name as FieldName))
    throw new SchemaError(
      `the writer has no field ${shown(name)}, and the reader no default for it`,
    );
  return undefined;
};
