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
import { ofUnion, type Read, type Resolve, text, textMap, time, uuid } from './field-types.ts';
import { type JsonShape, jsonShape } from './json-shape.ts';
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
  readonly json: JsonShape;
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
    let json: JsonShape | undefined;
    const read = ofUnion(schema.branches, '$', (branch) => {
      const writer = resolveRecord(branch, reader);
      json ??= writer.json;
      return writer.read;
    });
    return { read, json: json ?? jsonShape([]), isPublished: false };
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
  const steps = record.fields.flatMap(({ name, type }) => {
    const field = matches.get(name);
    if (field !== undefined)
      return [{ read: fieldTypes[field](type, `$.${field}`), place: places.indexOf(field) }];
    const skip = skipOf(type);
    return skip === null ? [] : [{ read: skip, place: passedOver }];
  });
  const read = (cursor: Cursor): UserEventFields => {
    const values = defaults.slice();
    for (const { read, place } of steps) values[place] = read(cursor);
    return toFields(values);
  };
  const named = record.fields.flatMap(({ name, type }) => {
    const field = matches.get(name);
    return field === undefined ? [] : [{ field, name, type }];
  });
  return { read, json: jsonShape(named), isPublished: isPublishedLayout(record) };
};

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

const defaultOf = ({ name, fallback }: AvroField, matches: ReadonlyMap<string, FieldName>) => {
  if (fallback !== undefined)
    return name === 'metadata' ? new Map(Object.entries(Object(fallback))) : fallback;
  if (![...matches.values()].includes(name as FieldName))
    throw new SchemaError(
      `the writer has no field ${shown(name)}, and the reader no default for it`,
    );
  return undefined;
};
