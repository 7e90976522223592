import { deepStrictEqual, strictEqual } from 'node:assert/strict';
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
