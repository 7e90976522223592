import { deepStrictEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { timestampNotes } from '../../../../local/inspect/timestamps.ts';
import { record } from '../../../support/records.ts';

const notes = (...timestamps: number[]) =>
  timestampNotes(timestamps.map((timestamp, offset) => record({ timestamp, offset })));
const now = Date.UTC(2026, 10, 28);

test('timestamps in milliseconds are not spoken of', () => {
  deepStrictEqual(notes(now, now + 1, Date.UTC(2000, 0)), []);
});

for (const [what, timestamp, note] of [
  ['seconds', now / 1_000, /^1 of 2 record timestamps look like seconds\. Kafka counts millis/],
  ['microseconds', now * 1_000, /look like microseconds/],
  ['nanoseconds', now * 1_000_000, /look like nanoseconds/],
  ['0', 0, /are 0, so that every event is in the future/],
  ['missing', -1, /are missing: the clock alone decides/],
  ['of no unit', 5, /lie outside the years 2000 to 2099/],
] as const)
  test(`timestamps that are ${what} are told, with how many there are`, () => {
    const [found = '', ...others] = notes(timestamp, now);
    match(found, note);
    match(found, /^1 of 2 record timestamps /);
    deepStrictEqual(others, []);
  });
