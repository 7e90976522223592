import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { duration, number, utc } from '../../../../../cli/console/page/format.ts';

for (const [ms, text] of [
  [0, '0 s'],
  [59_499, '59 s'],
  [61_000, '1 min 1 s'],
  [3_660_000, '1 h 1 min'],
  [90_000_000, '1 d 1 h'],
  [-61_000, '−1 min 1 s'],
] as const)
  test(`${ms} milliseconds are shown as ${text}`, () => {
    strictEqual(duration(ms), text);
  });

test('times are shown in UTC, whatever place the reader is in', () => {
  strictEqual(utc('2026-11-28T12:00:00.000Z'), '2026-11-28 12:00:00Z');
  strictEqual(utc(1), '1970-01-01 00:00:00.001Z');
});

test('numbers have their thousands apart', () => {
  strictEqual(number(1_234_567), '1,234,567');
});
