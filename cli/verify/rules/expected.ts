import type { Reason } from '../../../functions/ingest/event/rejection.ts';
import type { TableDefinition } from '../../../schema/table-definition.ts';
import published from '../../../schema/user-event.avsc.json' with { type: 'json' };
import writerSchemas from '../../../schema/writer-schemas.json' with { type: 'json' };
import { readRecord, type Values } from './read-avro.ts';
import { readJson } from './read-json.ts';
import { keyOf, standardTable } from './row.ts';
import { fieldsOf, type SchemaField, type Value } from './schema-fields.ts';

/** An event as read from its bytes: a value for each field of the schema. */
export interface ReadEvent {
  /** The event time, in milliseconds. */
  readonly event_time: number;
  readonly [field: string]: Value;
}

/** The expected reading of a record's value, before its time is judged. */
export type Expected = { readonly event: ReadEvent } | { readonly reason: BrokenReason };

/** The reasons for which a value is no event, where its schema is at hand. */
export type BrokenReason = Exclude<
  Reason,
  'late' | 'refused' | 'unknown_schema' | 'incompatible_schema'
>;

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

/** The rules of events under a schema and a table. */
export interface EventRules {
  /** The fields of the schema. */
  readonly fields: readonly SchemaField[];
  /** Reads a value without a header as Avro: by the schema of today, or by one of those before it. */
  readonly bare: (value: Buffer) => Expected;
  /** Reads a value as plain JSON. */
  readonly json: (value: Buffer) => Expected;
  /** Judges the values of a writer's schema: fields are found by name or alias, and missing ones have their defaults. */
  readonly judged: (values: Values) => Expected;
}

/**
 * Makes the rules of events. Avro and JSON are read by hand here, so that the function's decoder does not vouch for itself.
 * @param bare the schemas of bare values before today's. Schemas with types that the published schema does not use are ignored.
 * @param today the schema of events and the table of their rows; by default the project's.
 */
export const eventRules = (
  bare: readonly unknown[] = [],
  { schema, table }: Today = { schema: published, table: standardTable },
): EventRules => {
  const fields = fieldsOf(schema);
  if (fields === null) throw new Error('the schema of events has a type that cannot be read here');
  const keys = new Set(keyOf(table));
  const layouts = [fields, ...bare.map((older) => fieldsOf(older as Schema))].filter(
    (layout) => layout !== null,
  );

  /** Finds the first rule that an event breaks, in the order of the fields; returns the event where it breaks none. */
  const judged = (values: Values): Expected => {
    const event = Object.fromEntries(
      fields.map(({ name, aliases, fallback = null }): [string, Value] => {
        const found = [name, ...aliases].find((one) => Object.hasOwn(values, one));
        return [name, found === undefined ? fallback : (values[found] as Value)];
      }),
    );
    for (const field of fields) {
      const reason = wrong(field, event[field.name] ?? null, keys.has(field.name));
      if (reason !== null) return { reason };
    }
    return { event: event as ReadEvent };
  };

  return {
    fields,
    judged,
    bare(value) {
      for (const layout of layouts) {
        const values = readRecord(layout, value);
        if (values !== null) return judged(values);
      }
      return { reason: 'undecodable' };
    },
    json(value) {
      const values = readJson(fields, value);
      return values === null ? { reason: 'undecodable' } : judged(values);
    },
  };
};

/**
 * Makes a reader of bare values, of plain JSON, and of values behind Confluent's header whose schemas are listed.
 * @param listed the contents of `schema/writer-schemas.json`.
 * @param today the schema of events and the table of their rows; by default the project's.
 */
export const expectedBy = (
  { bare = [], ...byId }: WriterSchemas,
  today?: Today,
): ((value: Buffer | null) => Expected) => {
  const rules = eventRules(bare, today);
  const framed = new Map(
    Object.entries(byId).map(([id, writer]) => [Number(id), fieldsOf(writer as Schema)]),
  );
  return (value) => {
    if (value === null) return { reason: 'tombstone' };
    // Confluent's header is a zero byte and the schema's id in four bytes.
    const id =
      framed.size > 0 && value[0] === 0 && value.length >= 5 ? value.readUInt32BE(1) : null;
    const framedBy = id === null ? undefined : framed.get(id);
    if (framedBy) {
      const values = readRecord(framedBy, value.subarray(5));
      return values === null ? { reason: 'undecodable' } : rules.judged(values);
    }
    return value[0] === openingBrace ? rules.json(value) : rules.bare(value);
  };
};

const openingBrace = 0x7b;

/** Reads values with the writer schemas that are listed today. */
export const expectedOf = expectedBy(writerSchemas);

const wrong = (
  { type, nullAt }: SchemaField,
  value: Value,
  isKey: boolean,
): BrokenReason | null => {
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
