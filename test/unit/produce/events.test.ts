import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { makeEvents } from '../../../functions/produce/events.ts';
import { decoderWith } from '../../support/events.ts';

const decoder = decoderWith();

test('the demo’s events are events to the function, of the last minute, one in a hundred late', () => {
  const now = 1_700_000_000_000;
  const decoded = makeEvents(200, now).map(({ key, value }) => {
    const event = decoder.decode({ value, headers: [] });
    if (event.kind !== 'event') throw new Error(JSON.stringify(event));
    deepStrictEqual(key.toString(), event.get('user_id'));
    return event.eventTime;
  });
  const ages = decoded.map((time) => now - time);
  ok(Math.min(...ages) >= 0);
  deepStrictEqual(ages.filter((age) => age > 60_000).length, 2);
});
