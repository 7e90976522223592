import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  earliestTime,
  isReadable,
  latestTime,
  toReadable,
} from '../../../../functions/ingest/event/readable-time.ts';

test('every driver reads a time from the first millisecond of year 1 to the last of year 9999', () => {
  const times = [earliestTime - 1, earliestTime, 0, latestTime, latestTime + 1];
  deepStrictEqual(times.map(isReadable), [false, true, true, true, false]);
});

test('the nearest time that every driver reads is the time itself, or the nearer bound', () => {
  strictEqual(toReadable(-1), -1);
  strictEqual(toReadable(Number.NEGATIVE_INFINITY), earliestTime);
  strictEqual(toReadable(latestTime + 1), latestTime);
});
