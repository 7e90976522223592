import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  isFuture,
  isLate,
  raise,
  watermarkOf,
} from '../../../../functions/ingest/pipeline/watermark.ts';

test('nothing is late before the first event', () => {
  strictEqual(isLate(-1e15, null, 10), false);
});

test('exactly the bound behind the maximum is on time, one millisecond more is late', () => {
  strictEqual(watermarkOf(1337, 10), 1327);
  strictEqual(isLate(1327, 1337, 10), false);
  strictEqual(isLate(1326, 1337, 10), true);
});

test('with a bound of 0 only events before the maximum are late', () => {
  deepStrictEqual([isLate(9, 10, 0), isLate(10, 10, 0), isLate(11, 10, 0)], [true, false, false]);
});

test('the maximum starts at the first event time, whatever it is, and never falls', () => {
  strictEqual(raise(null, -5), -5);
  strictEqual(raise(7, 3), 7);
  strictEqual(raise(3, 7), 7);
});

test('future is further ahead of the record’s timestamp than allowed, even long after', () => {
  strictEqual(isFuture(1300, 1000, 1_000_000, 300), false);
  strictEqual(isFuture(1301, 1000, 1_000_000, 300), true);
});

test('a record whose own timestamp is ahead of the clock is measured by the clock', () => {
  strictEqual(isFuture(5000, 5000, 1000, 300), true);
});

test('a record without a timestamp is measured by the clock', () => {
  strictEqual(isFuture(1300, -1, 1000, 300), false);
  strictEqual(isFuture(1301, -1, 1000, 300), true);
});
