import { bareLayouts } from '../../functions/ingest/avro/bare-layouts.ts';
import type { ResolvedSchema } from '../../functions/ingest/avro/resolve-writer.ts';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import { compilePlan, type RecordSchema } from '../../functions/ingest/event/plan.ts';
import { parseTable, type TableDefinition } from '../../schema/table-definition.ts';
import { type Fields, fields } from './avro.ts';
import { encodeBy } from './writers.ts';

// An event of five fields, the last of them a map: for tests that count bytes or put them together, and for those of schemas that
// differ in a field. The published schema and its table may have more.

const uuid = { type: 'string', logicalType: 'uuid' } as const;

/** The record's schema. */
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

/** The record's schema with these fields in place of its own. */
export const withFields = (given: RecordSchema['fields']): RecordSchema => ({
  ...fiveFields,
  fields: given,
});

/**
 * The statement of a table for the five fields.
 * @param columns more columns, each with its type.
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

/** The layout of events of a schema, whose table has these columns more than the five. */
export const layoutWith = (schema: RecordSchema, columns: readonly string[] = []): EventLayout =>
  new EventLayout(compilePlan(schema, fiveTable(columns)));

export const fiveLayout = layoutWith(fiveFields);

/** What reads bare values of the five fields. */
export const [fiveWriter] = bareLayouts(fiveLayout, [], 'bare') as [ResolvedSchema];

/** The bare Avro bytes of an event of five fields. */
export const encodeFive = (given: Partial<Fields> = {}): Buffer =>
  encodeBy(fiveFields, fields(given));

/** The values of a valid event of five fields, as they are read. */
export const valuesOfFive = (given: Partial<Fields> = {}) => {
  const { user_id, event_type, event_time, event_id, metadata } = fields(given);
  return { user_id, event_type, event_time, event_id, metadata: new Map(Object.entries(metadata)) };
};
