import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { noMaximum, unknownMaximum } from '../../../../cli/verify/maximum.ts';
import { leadIn } from '../../../../cli/verify/ranges.ts';

const byTime = { offset: 60, bound: 9_000 };
const none = new Map<bigint, number>();

test('a partition that is read from its first record on has seen nothing before', () => {
  deepStrictEqual(leadIn({ begin: 0, start: 0, earlier: none, byTime: { ...byTime, offset: 0 } }), {
    offset: 0,
    maximum: noMaximum,
  });
});

test('of a partition whose first records are gone, nothing is known', () => {
  deepStrictEqual(
    leadIn({ begin: 50, start: 50, earlier: none, byTime: { ...byTime, offset: 50 } }),
    {
      offset: 50,
      maximum: unknownMaximum,
    },
  );
});

test('a checkpoint before the range knows the maximum, and the nearest one is taken', () => {
  const earlier = new Map([
    [40n, 1_000],
    [70n, 2_000],
    [90n, 3_000],
    [101n, 4_000],
  ]);
  deepStrictEqual(leadIn({ begin: 50, start: 100, earlier, byTime }), {
    offset: 90,
    maximum: { low: 3_000, high: 3_000 },
  });
});

test('without such a checkpoint the reading begins at an earlier time, and its bound is known', () => {
  const earlier = new Map([
    [40n, 1_000],
    [101n, 4_000],
  ]);
  deepStrictEqual(leadIn({ begin: 50, start: 100, earlier, byTime }), {
    offset: 60,
    maximum: { low: Number.NEGATIVE_INFINITY, high: 9_000 },
  });
});

test('a time before all records of a partition leads to its first one', () => {
  deepStrictEqual(
    leadIn({ begin: 0, start: 100, earlier: none, byTime: { ...byTime, offset: 0 } }),
    {
      offset: 0,
      maximum: noMaximum,
    },
  );
});
