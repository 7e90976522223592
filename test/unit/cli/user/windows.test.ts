import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { types } from 'cassandra-driver';
import { windowsOf } from '../../../../cli/user/windows.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 29, 12);
const row = (minutes: number) =>
  ({ event_time: new Date(noon + minutes * minute) }) as unknown as types.Row;

test('the times that records may have are intervals that do not overlap, the newest first', () => {
  const [first, second, third] = [row(0), row(64), row(200)];
  deepStrictEqual(windowsOf([third, first, second]), [
    { from: noon + 195 * minute, to: noon + 260 * minute, rows: [third] },
    { from: noon - 5 * minute, to: noon + 124 * minute, rows: [first, second] },
  ]);
  deepStrictEqual(windowsOf([]), []);
});
