import { deepStrictEqual, notStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeEvent } from '../../../../functions/ingest/bytes/encode-event.ts';
import { eventsOf, everyKindLayout } from '../../../support/kinds.ts';

const layout = everyKindLayout();

test('an event of every kind of value, null and not, is read as it was encoded, beside other events', () => {
  fc.assert(
    fc.property(fc.array(eventsOf(layout.plan), { minLength: 1, maxLength: 5 }), (given) => {
      const events = given.map((fields) => encodeEvent(layout, fields));
      for (const [index, event] of events.entries()) {
        deepStrictEqual(event.toObject(), given[index]);
        strictEqual(event.eventTime, given[index]?.['event_time']);
        for (const [name, value] of Object.entries(given[index] ?? {}))
          deepStrictEqual(event.get(name), value);
      }
    }),
    { numRuns: 500 },
  );
});

test('two events have one row key where user, time and type are the same, and only there', () => {
  const [fields] = fc.sample(eventsOf(layout.plan), { numRuns: 1, seed: 1 });
  const keyOf = (given: object) => encodeEvent(layout, { ...fields, ...given }).rowKey;
  const key = {
    user_id: '11111111-1111-4111-8111-111111111111',
    event_time: 1,
    event_type: 'a 1 b',
  };
  strictEqual(keyOf({ ...key, page: '/1' }), keyOf({ ...key, page: '/2' }));
  for (const other of [
    { user_id: '11111111-1111-4111-8111-111111111112' },
    { event_time: 2 },
    { event_type: 'a 1 c' },
  ])
    notStrictEqual(keyOf(key), keyOf({ ...key, ...other }));
});

test('a field that the schema has not is an error that names it', () => {
  const [fields = {}] = fc.sample(eventsOf(layout.plan), { numRuns: 1, seed: 1 });
  throws(() => encodeEvent(layout, fields).get('country'), /has no field country/);
});
