import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from '../../../src/mapping/backoff.ts';

const backoff = { firstMs: 100, maxMs: 2000 };

test('the wait doubles up to its maximum and stays there', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 5000].map((retry) => backoffMs(backoff, retry, 0));
  deepStrictEqual(waits, [100, 200, 400, 800, 1600, 2000, 2000, 2000]);
});

test('chance takes away up to half of the pause', () => {
  strictEqual(backoffMs(backoff, 1, 0.5), 75);
});
