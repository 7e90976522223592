import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { median, percentile } from '../../../bench/statistics.ts';

test('the median is the number in the middle, or half of the two in the middle', () => {
  deepStrictEqual(median([3, 1, 2]), 2);
  deepStrictEqual(median([10, 1, 2, 3]), 2.5);
  deepStrictEqual(median([]), Number.NaN);
});

test('a share of the numbers is below a percentile', () => {
  const numbers = Array.from({ length: 100 }, (_, index) => 99 - index);
  deepStrictEqual(percentile(numbers, 0.99), 99);
  deepStrictEqual(percentile(numbers, 0), 0);
});
