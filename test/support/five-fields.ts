import { bareLayouts } from '../../functions/ingest/avro/bare-layouts.ts';
import type { ResolvedSchema } from '../../functions/ingest/avro/resolve-writer.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import { compilePlan, type RecordSchema } from '../../functions/ingest/event/plan.ts';
import { parseTable, type TableDefinition } from '../../schema/table-definition.ts';
import { type Fields, fields } from './avro.ts';
import { encodeBy } from './writers.ts';

// An event of five fields, the last one a map. It is for tests that count or assemble bytes, and for tests of schemas that differ in
// a field. The published schema and its table may have more fields.

const uuid = { type: 'string', logicalType: 'uuid' } as const;

/** The schema of the record with five fields. */
export const fiveFields = {
  type: 'record',
  name: 'UserEvent',
  namespace: 'com.flink_streaming.events',
  fields: [
    { name: 'user_id', type: uuid },
    { name: 'event_type', type: 'string' },
    { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'event_id', type: uuid },
    { name: 'metadata', type: { type: 'map', values: 'string' }, default: {} },
  ],
} as const satisfies RecordSchema & { readonly type: string };

/** Makes the record's schema with some fields replaced. */
export const withFields = (given: RecordSchema['fields']): RecordSchema => ({
  ...fiveFields,
  fields: given,
});

/**
 * Makes the CREATE TABLE statement for the five fields.
 * @param columns additional columns, each with its type.
 */
export const fiveColumns = (columns: readonly string[] = []): string => `CREATE TABLE user_events (
  user_id uuid,
  bucket_date date,
  event_time timestamp,
  event_type text,
  event_id uuid,
  metadata map<text, text>,
${columns.map((column) => `  ${column},\n`).join('')}  PRIMARY KEY ((user_id, bucket_date), event_time, event_type)
)`;

export const fiveTable = (columns: readonly string[] = []): TableDefinition =>
  parseTable(fiveColumns(columns));

/** Makes the layout of events of a schema, whose table has columns besides the five. */
export const layoutWith = (schema: RecordSchema, columns: readonly string[] = []): EventLayout =>
  new EventLayout(compilePlan(schema, fiveTable(columns)));

export const fiveLayout = layoutWith(fiveFields);

/** The resolved writer's schema of bare values with the five fields. */
export const [fiveWriter] = bareLayouts(fiveLayout, [], 'bare') as [ResolvedSchema];

/** Encodes an event of five fields as bare Avro. */
export const encodeFive = (given: Partial<Fields> = {}): Buffer =>
  encodeBy(fiveFields, fields(given));

/** Makes the decoded values of a valid event of five fields. */
export const valuesOfFive = (given: Partial<Fields> = {}) => {
  const { user_id, event_type, event_time, event_id, metadata } = fields(given);
  return { user_id, event_type, event_time, event_id, metadata: new Map(Object.entries(metadata)) };
};
