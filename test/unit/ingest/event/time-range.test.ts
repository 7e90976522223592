import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { outOfRange } from '../../../../functions/ingest/event/time-range.ts';

const day = Date.UTC(2026, 0, 2);
const earliest = Date.UTC(2026, 0, 1);
const latest = Date.UTC(2026, 0, 3);
const detailOf = (time: number): string | undefined => outOfRange(time, earliest, latest)?.detail;

test('a time within the bounds, or at one of them, is valid', () => {
  for (const time of [earliest, day, latest]) strictEqual(outOfRange(time, earliest, latest), null);
});

test('a time outside the bounds is rejected with the field and the bounds, without the time', () => {
  for (const time of [earliest - 1, latest + 1, Number.NaN])
    deepStrictEqual(outOfRange(time, earliest, latest, 'seen_at'), {
      kind: 'rejected',
      reason: 'invalid_event_time',
      detail: 'seen_at must be from 2026-01-01T00:00:00.000Z to 2026-01-03T00:00:00.000Z',
    });
});

test('a time that is plausible in another unit is rejected with that unit and what to do', () => {
  const range =
    'event_time must be from 2026-01-01T00:00:00.000Z to 2026-01-03T00:00:00.000Z; it may count';
  strictEqual(detailOf(day / 1e3), `${range} seconds: the producer must send milliseconds`);
  for (const [unit, factor] of [
    ['micro', 1e3],
    ['nano', 1e6],
  ] as const)
    strictEqual(
      detailOf(day * factor),
      `${range} ${unit}seconds: the field needs the logical type timestamp-${unit}s, or the producer must send milliseconds`,
    );
});
