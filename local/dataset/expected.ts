import type { TableDefinition } from '../../schema/table-definition.ts';
import published from '../../schema/user-event.avsc.json' with { type: 'json' };
import writerSchemas from '../../schema/writer-schemas.json' with { type: 'json' };
import type { RejectedReason } from './generated-record.ts';
import { readRecord, type Values } from './read-avro.ts';
import { readJson } from './read-json.ts';
import { keyOf, standardTable } from './row.ts';
import { fieldsOf, type SchemaField, type Value } from './schema-fields.ts';

/** An event as read from its bytes: a value for each field of the schema. */
interface ReadEvent {
  /** The event time, in milliseconds. */
  readonly event_time: number;
  readonly [field: string]: Value;
}

/** The expected reading of a record's value, before its time is judged. */
export type Expected =
  | { readonly event: ReadEvent }
  | { readonly reason: Exclude<RejectedReason, 'late' | 'refused'> };

/** The schemas of earlier writers: by registry id, and in `bare` the schemas of unframed values. */
interface WriterSchemas {
  readonly bare?: readonly unknown[];
  readonly [id: string]: unknown;
}

type Schema = Parameters<typeof fieldsOf>[0];

interface Today {
  readonly schema: Schema;
  readonly table: TableDefinition;
}

/**
 * Makes a reader of values from the rules and the bytes alone. Avro and JSON are read by hand here, so that the function's decoder
 * does not vouch for itself.
 * @param listed the contents of `schema/writer-schemas.json`. Schemas with types that the published schema does not use are
 * ignored: the generator makes no values with them.
 * @param today the schema of events and the table of their rows; by default the project's.
 */
export const expectedBy = (
  listed: WriterSchemas,
  { schema, table }: Today = { schema: published, table: standardTable },
): ((value: Buffer | null) => Expected) => {
  const { bare = [], ...byId } = listed;
  const fields = fieldsOf(schema);
  if (fields === null) throw new Error('local/dataset cannot read the schema of events');
  const keys = new Set(keyOf(table));
  const layouts = [fields, ...bare.map((older) => fieldsOf(older as Schema))].filter(
    (layout) => layout !== null,
  );
  const framed = new Map(
    Object.entries(byId).map(([id, writer]) => [Number(id), fieldsOf(writer as Schema)]),
  );

  /** Converts values of a writer's schema to today's schema: fields by name or alias, and defaults for missing fields. */
  const asToday = (written: readonly SchemaField[], values: Values): Values =>
    written === fields
      ? values
      : Object.fromEntries(
          fields.map(({ name, aliases, fallback = null }) => {
            const found = [name, ...aliases].find((one) => one in values);
            return [name, found === undefined ? fallback : (values[found] as Value)];
          }),
        );

  /** Finds the first rule that an event breaks, in the order of the fields; returns the event where it breaks none. */
  const judged = (written: readonly SchemaField[], read: Values | null): Expected => {
    if (read === null) return { reason: 'undecodable' };
    const event = asToday(written, read);
    for (const field of fields) {
      const reason = wrong(field, event[field.name] ?? null, keys.has(field.name));
      if (reason !== null) return { reason };
    }
    return { event: event as ReadEvent };
  };

  return (value) => {
    if (value === null) return { reason: 'tombstone' };
    // Confluent's header is a zero byte and the schema's id in four bytes.
    const id =
      framed.size > 0 && value[0] === 0 && value.length >= 5 ? value.readUInt32BE(1) : null;
    const framedBy = id === null ? undefined : framed.get(id);
    if (framedBy) return judged(framedBy, readRecord(framedBy, value.subarray(5)));
    for (const layout of layouts) {
      const values = readRecord(layout, value);
      if (values !== null) return judged(layout, values);
    }
    return judged(fields, value[0] === openingBrace ? readJson(fields, value) : null);
  };
};

const openingBrace = 0x7b;

/** Reads values with the writer schemas that are listed today. */
export const expectedOf = expectedBy(writerSchemas);

type WrongReason = Extract<Expected, { reason: unknown }>['reason'];

const wrong = ({ type, nullAt }: SchemaField, value: Value, isKey: boolean): WrongReason | null => {
  if (value === null) return nullAt === null ? 'undecodable' : null;
  if (type === 'uuid') return uuid.test(value as string) ? null : 'invalid_uuid';
  if (type === 'time')
    // The comparisons are false for NaN, a time in JSON that is none.
    return (value as number) >= first && (value as number) <= last ? null : 'invalid_event_time';
  if (type === 'map')
    return (value as ReadonlyMap<string, string>).size > 65_535 ? 'invalid_metadata' : null;
  if (type === 'string' && isKey) {
    const bytes = Buffer.byteLength(value as string);
    return bytes === 0 || bytes > 800 ? 'invalid_event_type' : null;
  }
  return null;
};

/** The first and last millisecond of the years 1 to 9999, from their days around the epoch. */
const first = -719_162 * 86_400_000;
const last = 2_932_897 * 86_400_000 - 1;

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
