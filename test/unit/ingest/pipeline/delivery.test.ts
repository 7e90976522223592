import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { rejected } from '../../../../functions/ingest/event/rejection.ts';
import type { DecodeResult } from '../../../../functions/ingest/pipeline/decoder.ts';
import { Delivery } from '../../../../functions/ingest/pipeline/delivery.ts';
import { eventOf } from '../../../support/events.ts';
import { record } from '../../../support/records.ts';

const event = eventOf();
const rejection = rejected('undecodable', 'it is no event');
const found = ({ missingSchema, event, rejection }: Delivery) => ({
  missingSchema,
  event,
  rejection,
});
const none = { missingSchema: null, event: null, rejection: null };

test('a delivery holds what its value was decoded to, or the schema that must be fetched first', () => {
  const cases: [DecodeResult, object][] = [
    [event, { event }],
    [rejection, { rejection }],
    [{ kind: 'missing-schema', id: 7 }, { missingSchema: 7 }],
    [{ kind: 'missing-schema', id: 0 }, { missingSchema: 0 }],
  ];
  for (const [result, expected] of cases)
    deepStrictEqual(found(new Delivery(record(), result)), { ...none, ...expected });
});

test('a delivery that is decoded again waits for no schema any more, or for another one', () => {
  const cases: [DecodeResult, object][] = [
    [event, { event }],
    [rejection, { rejection }],
    [{ kind: 'missing-schema', id: 'another' }, { missingSchema: 'another' }],
  ];
  for (const [result, expected] of cases) {
    const delivery = new Delivery(record(), { kind: 'missing-schema', id: 7 });
    delivery.decoded(result);
    deepStrictEqual(found(delivery), { ...none, ...expected });
  }
});

test('a new delivery has its record, no outcome, no maximum, and does not lie in the future', () => {
  const given = record({ offset: 7 });
  const delivery = new Delivery(given, event);
  strictEqual(delivery.record, given);
  const { outcome, maxEventTime, future } = delivery;
  deepStrictEqual(
    { outcome, maxEventTime, future },
    { outcome: null, maxEventTime: null, future: false },
  );
});
