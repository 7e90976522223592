import fc from 'fast-check';
import { EventLayout } from '../../functions/ingest/bytes/event-layout.ts';
import type { Kind } from '../../functions/ingest/event/kinds.ts';
import {
  compilePlan,
  type EventPlan,
  type RecordSchema,
} from '../../functions/ingest/event/plan.ts';
import type { FieldValue } from '../../functions/ingest/event/user-event.ts';
import { parseTable } from '../../schema/table-definition.ts';

/** A record with fields of every kind of value, with and without null. */
export const everyKind = {
  type: 'record',
  name: 'UserEvent',
  namespace: 'com.example',
  fields: [
    { name: 'user_id', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'event_type', type: 'string' },
    { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'event_id', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'metadata', type: { type: 'map', values: 'string' }, default: {} },
    { name: 'page', type: 'string', default: '/ä' },
    { name: 'seen_at', type: { type: 'long', logicalType: 'timestamp-millis' }, default: -1 },
    { name: 'count', type: 'long', default: 2 },
    { name: 'rank', type: 'int', default: -3 },
    { name: 'active', type: 'boolean', default: true },
    { name: 'price', type: 'double', default: 1.5 },
    { name: 'token', type: 'bytes', default: '\u00ff\u0001' },
    ...(
      [
        ['session', { type: 'string', logicalType: 'uuid' }],
        ['referrer', 'string'],
        ['left_at', { type: 'long', logicalType: 'timestamp-millis' }],
        ['labels', { type: 'map', values: 'string' }],
        ['size', 'long'],
        ['depth', 'int'],
        ['first', 'boolean'],
        ['score', 'double'],
        ['blob', 'bytes'],
      ] as const
    ).map(([name, type]) => ({ name, type: ['null', type], default: null })),
  ],
} as const;

/** Makes the table of the record with every kind, by day or by hour. */
export const everyKindTable = (bucket: 'day' | 'hour' = 'day') => {
  const hour = bucket === 'hour';
  return parseTable(`CREATE TABLE user_events (
  user_id uuid,
  bucket_date date,${hour ? '\n  bucket_hour tinyint,' : ''}
  event_time timestamp,
  event_type text,
  event_id uuid,
  metadata map<text, text>,
  page text,
  seen_at timestamp,
  count bigint,
  rank int,
  active boolean,
  price double,
  token blob,
  session uuid,
  referrer text,
  left_at timestamp,
  labels map<text, text>,
  size bigint,
  depth int,
  first boolean,
  score double,
  blob blob,
  PRIMARY KEY ((user_id, bucket_date${hour ? ', bucket_hour' : ''}), event_time, event_type)
)`);
};

export const everyKindPlan = (bucket: 'day' | 'hour' = 'day'): EventPlan =>
  compilePlan(everyKind as unknown as RecordSchema, everyKindTable(bucket));

export const everyKindLayout = (bucket: 'day' | 'hour' = 'day'): EventLayout =>
  new EventLayout(everyKindPlan(bucket));

const text = (minLength = 0) => fc.string({ unit: 'binary', minLength, maxLength: 80 });
const time = fc.oneof(
  fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
  fc.constantFrom(0, -1, 2 ** 31, 2 ** 32, -(2 ** 32), 253_402_300_799_999, -62_135_596_800_000),
);

/** The values of each kind, which are valid in the row's key too. */
export const valuesOf: { readonly [K in Kind]: fc.Arbitrary<FieldValue> } = {
  uuid: fc.uuid(),
  text: text(1),
  time,
  map: fc
    .uniqueArray(fc.tuple(text(), text()), { maxLength: 20, selector: ([key]) => key })
    .map((entries) => new Map(entries)),
  bigint: fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(0n, -1n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)),
  ),
  int: fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 31 - 1, -(2 ** 31))),
  boolean: fc.boolean(),
  double: fc.double({ noNaN: true }),
  blob: fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes)),
};

/** Makes events of a plan: a value for each field, sometimes null if allowed. */
export const eventsOf = ({ fields }: EventPlan): fc.Arbitrary<Record<string, FieldValue>> =>
  fc.record(
    Object.fromEntries(
      fields.map(({ name, kind, nullable }) => [
        name,
        nullable ? fc.option(valuesOf[kind]) : valuesOf[kind],
      ]),
    ),
    { noNullPrototype: true },
  );
