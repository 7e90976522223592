import { deepStrictEqual, notStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeEvent } from '../../../../functions/ingest/bytes/encode-event.ts';
import { EventLayout } from '../../../../functions/ingest/bytes/event-layout.ts';
import { compilePlan, type RecordSchema } from '../../../../functions/ingest/event/plan.ts';
import type { FieldValues } from '../../../../functions/ingest/event/user-event.ts';
import { eventsOf, everyKind, everyKindLayout, everyKindTable } from '../../../support/kinds.ts';

const layout = everyKindLayout();
const [sample = {}] = fc.sample(eventsOf(layout.plan), { numRuns: 1, seed: 1 });
const viewOf = (given: FieldValues = {}) => encodeEvent(layout, { ...sample, ...given });

test('an event has the values of its fields in the order of the schema, each as it is asked for by its name', () => {
  fc.assert(
    fc.property(eventsOf(layout.plan), (fields) => {
      const event = encodeEvent(layout, fields);
      const values = event.toObject();
      deepStrictEqual(
        Object.keys(values),
        layout.plan.fields.map(({ name }) => name),
      );
      for (const [name, value] of Object.entries(values)) deepStrictEqual(event.get(name), value);
      deepStrictEqual(values, fields);
      deepStrictEqual([event.kind, event.eventTime], ['event', fields['event_time']]);
    }),
  );
});

test('a uuid is read in lower case, whatever case it came in', () => {
  const session = 'ABCDEF01-2345-6789-abcd-ef0123456789';
  strictEqual(viewOf({ session }).get('session'), session.toLowerCase());
});

test('two events have one row key exactly where user, time and type are the same', () => {
  const keys = fc.record({
    user_id: fc.constantFrom(
      '11111111-1111-4111-8111-111111111111',
      '11111111-1111-4111-8111-111111111112',
    ),
    event_time: fc.constantFrom(1, 2, 12, -1),
    // Texts that look like what stands between the parts of a key.
    event_type: fc.constantFrom('a', 'a 1 b', ' 1 a', '1', '2 1', ' '),
  });
  fc.assert(
    fc.property(keys, keys, eventsOf(layout.plan), (one, other, others) => {
      const isSame =
        one.user_id === other.user_id &&
        one.event_time === other.event_time &&
        one.event_type === other.event_type;
      const key = encodeEvent(layout, { ...others, ...other }).rowKey;
      strictEqual(viewOf(one).rowKey === key, isSame);
    }),
    { numRuns: 500 },
  );
});

test('two events whose texts are the same one behind the other, and not each by itself, have two row keys', () => {
  const table = everyKindTable();
  const withPage = new EventLayout(
    compilePlan(everyKind as unknown as RecordSchema, {
      ...table,
      clusteringKey: [...table.clusteringKey, { name: 'page', order: 'ASC' }],
    }),
  );
  const keyOf = (event_type: string, page: string) =>
    encodeEvent(withPage, { ...sample, event_type, page }).rowKey;
  notStrictEqual(keyOf('a b', 'c'), keyOf('a', 'b c'));
  notStrictEqual(keyOf('ab', 'c'), keyOf('a', 'bc'));
  strictEqual(keyOf('a b', 'c'), keyOf('a b', 'c'));
});

test('a field that the schema has not is an error that names it', () => {
  throws(() => viewOf().get('country'), /has no field country/);
});
