import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { decodeUserEvent } from '../../../functions/ingest/avro/decode-user-event.ts';
import { isRejection } from '../../../functions/ingest/rejection.ts';
import { spanOf } from '../../../functions/ingest/span.ts';
import { makeEvents } from '../../../functions/produce/events.ts';

test('the demo’s events are events to the function, of the last minute, one in a hundred late', () => {
  const now = 1_700_000_000_000;
  const decoded = makeEvents(200, now).map(({ key, value }) => {
    const event = decodeUserEvent(spanOf(value));
    if (isRejection(event)) throw new Error(event.detail);
    deepStrictEqual(key.toString(), event.user_id);
    return Number(event.event_time);
  });
  const ages = decoded.map((time) => now - time);
  ok(Math.min(...ages) >= 0);
  deepStrictEqual(ages.filter((age) => age > 60_000).length, 2);
});
