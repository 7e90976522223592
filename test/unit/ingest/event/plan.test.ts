import { deepStrictEqual, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import {
  compilePlan,
  EventPlanError,
  type RecordSchema,
} from '../../../../functions/ingest/event/plan.ts';
import { parseTable } from '../../../../schema/table-definition.ts';
import { createTables } from '../../../../schema/tables.ts';
import published from '../../../../schema/user-event.avsc.json' with { type: 'json' };
import { fiveColumns, fiveFields } from '../../../support/five-fields.ts';

/** The mistakes between the record of five fields with these in their place, and its table with this text in place of another. */
const mistakesIn = (
  fields: readonly object[] = fiveFields.fields,
  [from, to]: readonly [string, string] = ['', ''],
): readonly string[] => {
  let found: readonly string[] = [];
  throws(
    () => compilePlan({ fields } as RecordSchema, parseTable(fiveColumns().replace(from, to))),
    (error) => {
      ok(error instanceof EventPlanError);
      found = error.mistakes;
      return true;
    },
  );
  return found;
};
const changed = (name: string, given: object) =>
  fiveFields.fields.map((field) => (field.name === name ? { ...field, ...given } : field));

test('the published schema and its table make a plan, by day and by hour, with event_id in the key and without', () => {
  for (const bucket of ['day', 'hour'] as const)
    for (const eventIdInKey of [false, true]) {
      const [statement = ''] = createTables({ bucket, eventIdInKey, rejectedTtlSeconds: 60 });
      const table = parseTable(statement);
      const plan = compilePlan(published, table);
      const hour = bucket === 'hour' ? ['bucket_hour'] : [];
      deepStrictEqual(
        plan.columns.map(({ name }) => name),
        table.columns.map(({ name }) => name),
      );
      deepStrictEqual(
        plan.partitionKey.map(({ name }) => name),
        ['user_id', 'bucket_date', ...hour],
      );
      deepStrictEqual(
        plan.rowKey.map(({ name }) => name),
        ['user_id', 'event_type', ...(eventIdInKey ? ['event_id'] : [])],
      );
    }
});

test('a field without a column is named, with the column to add', () => {
  const session = { name: 'session_id', type: ['null', 'string'], default: null };
  deepStrictEqual(mistakesIn([...fiveFields.fields, session]), [
    'field session_id has no column: add `session_id text` to the table in schema/tables.cql',
  ]);
});

test('a column without a field is named', () => {
  deepStrictEqual(
    mistakesIn(fiveFields.fields, ['event_id uuid,', 'event_id uuid,\n  country text,']),
    [
      'column country has no field of that name: add the field to schema/user-event.avsc.json, or take the column out',
    ],
  );
});

test('a column whose type does not fit its field is named, with the type that does', () => {
  deepStrictEqual(mistakesIn(fiveFields.fields, ['event_id uuid,', 'event_id text,']), [
    'field event_id is string (uuid) and its column text: the column must be uuid',
  ]);
  deepStrictEqual(mistakesIn(fiveFields.fields, ['bucket_date date,', 'bucket_date text,']), [
    'column bucket_date is text and must be date',
  ]);
});

test('a part of the key that may be null is refused', () => {
  deepStrictEqual(mistakesIn(changed('event_type', { type: ['null', 'string'] })), [
    'field event_type may be null and its column is part of the key: a key has a value',
  ]);
});

test('a type that no column can hold, and a default of another type, are refused', () => {
  const [array] = mistakesIn(changed('metadata', { type: { type: 'array', items: 'string' } }));
  ok(
    array?.startsWith(
      'field metadata has a type that no column can hold: use one of string (uuid), string,',
    ),
  );
  deepStrictEqual(mistakesIn(changed('metadata', { default: 'none' })), [
    'field metadata has a default that is no map of strings',
  ]);
});

test('a default that no part of a key can be, and one that is no time of a year that drivers read, are refused', () => {
  for (const wrong of ['', 'x'.repeat(801)])
    deepStrictEqual(mistakesIn(changed('event_type', { default: wrong })), [
      'field event_type has a default that no key can be: a text has 1 to 800 bytes there',
    ]);
  for (const wrong of [-62_135_596_800_001, 253_402_300_800_000])
    deepStrictEqual(mistakesIn(changed('event_time', { default: wrong })), [
      'field event_time has a default that is no long (timestamp-millis)',
    ]);
});

test('an event without a time, or with one that may be null, is refused', () => {
  const without = fiveFields.fields.filter(({ name }) => name !== 'event_time');
  deepStrictEqual(mistakesIn(without), [
    'column event_time has no field of that name: add the field to schema/user-event.avsc.json, or take the column out',
    "field event_time is missing: it is the event's time",
  ]);
  const { type } = fiveFields.fields[2] as { type: object };
  deepStrictEqual(mistakesIn(changed('event_time', { type: ['null', type] })), [
    'field event_time may be null and its column is part of the key: a key has a value',
    "field event_time must be long (timestamp-millis), and not null: it is the event's time",
  ]);
});

test('all mistakes are told together, in one message that names both files', () => {
  throws(
    () => compilePlan({ name: 'UserEvent', fields: [] }, parseTable(fiveColumns())),
    /^EventPlanError: schema\/user-event\.avsc\.json and table user_events do not fit together:\n( {2}- .*\n){5} {2}- .*$/,
  );
});
