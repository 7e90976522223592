import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeEvent } from '../../../../../functions/ingest/bytes/encode-event.ts';
import {
  eventRows,
  insertUserEvent,
} from '../../../../../functions/ingest/cassandra/rows/event-rows.ts';
import { RowEncoder } from '../../../../../functions/ingest/cassandra/rows/row-encoder.ts';
import type { UserEvent } from '../../../../../functions/ingest/event/user-event.ts';
import { eventOf } from '../../../../support/events.ts';
import { fiveLayout } from '../../../../support/five-fields.ts';
import { eventsOf, everyKindLayout } from '../../../../support/kinds.ts';

const layout = everyKindLayout();
const encoder = new RowEncoder(layout);

test('the INSERT names every column of the table, in its order, and takes a value for each', () => {
  strictEqual(
    insertUserEvent('shop', fiveLayout),
    'INSERT INTO shop.user_events ("user_id", "bucket_date", "event_time", "event_type", "event_id", "metadata") ' +
      'VALUES (?, ?, ?, ?, ?, ?)',
  );
});

test('the row of an index is that of the event at this place', () => {
  fc.assert(
    fc.property(fc.array(eventsOf(layout.plan), { minLength: 1, maxLength: 4 }), (given) => {
      const events = given.map((fields) => encodeEvent(layout, fields));
      const rows = eventRows(layout)(events.map((event) => ({ event })));
      deepStrictEqual([rows.count, rows.columns], [events.length, layout.plan.columns.length]);
      for (const [index, event] of events.entries()) {
        deepStrictEqual(rows.values(index), encoder.values(event));
        deepStrictEqual(rows.routingKey(index), encoder.routingKey(event));
        strictEqual(rows.requestBytes(index), encoder.requestBytes(event));
        strictEqual(rows.mutationBytes(index), encoder.mutationBytes(event));
        strictEqual(rows.partitionHash(index), encoder.partitionHash(event));
        strictEqual(rows.samePartition(0, index), encoder.samePartition(events[0] ?? event, event));
        const expected = Buffer.alloc(3 + encoder.requestBytes(event));
        encoder.encode(event, expected, 3);
        const into = Buffer.alloc(expected.length);
        rows.encode(index, into, 3);
        deepStrictEqual(into, expected);
      }
    }),
  );
});

test('an event whose values are kept in objects has the row of the same event in bytes', () => {
  const view = eventOf({ metadata: new Map([['page', '/']]) }, fiveLayout);
  const { kind, eventTime, rowKey } = view;
  const values = view.toObject();
  const event: UserEvent = {
    kind,
    eventTime,
    rowKey,
    get: (name) => values[name] ?? null,
    toObject: () => values,
  };
  const rows = eventRows(fiveLayout)([{ event }, { event: view }]);
  deepStrictEqual(rows.values(0), rows.values(1));
});
