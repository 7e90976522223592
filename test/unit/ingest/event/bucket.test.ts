import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketDate, bucketHour } from '../../../../functions/ingest/event/bucket.ts';

test('the last millisecond of a UTC day and the first of the next are two buckets', () => {
  const midnight = Date.UTC(2026, 2, 11);
  deepStrictEqual([bucketDate(midnight - 1), bucketHour(midnight - 1)], [20_522, 23]);
  deepStrictEqual([bucketDate(midnight), bucketHour(midnight)], [20_523, 0]);
});

test('a time before the epoch belongs to the day that it lies in', () => {
  deepStrictEqual([bucketDate(-1), bucketHour(-1)], [-1, 23]);
});

test('day and hour are those of the UTC calendar, for every time that a Date can name', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), (time) => {
      const date = new Date(time);
      strictEqual(bucketHour(time), date.getUTCHours());
      strictEqual(bucketDate(time), Math.floor(date.setUTCHours(0, 0, 0, 0) / 86_400_000));
      ok(Number.isSafeInteger(bucketDate(time)));
    }),
  );
});
