import { ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { startTimeOf } from '../../../../local/dataset/start-time.ts';

const day = 86_400_000;

test('half of the events lie before the last midnight after which the other half is over', () => {
  const now = Date.UTC(2026, 0, 2, 0, 10);
  strictEqual(startTimeOf(now, 20 * 60_000), Date.UTC(2026, 0, 1, 23, 50));
  strictEqual(startTimeOf(now, 20 * 60_000 + 2), Date.UTC(2025, 11, 31, 23, 50) - 1);
});

test('the events’ span is over by now, holds a midnight in its middle, and lies less than a day further back than it need be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e12, max: 4e12 }), fc.nat(3 * day), (now, span) => {
      const start = startTimeOf(now, span);
      strictEqual((start + Math.floor(span / 2)) % day, 0);
      ok(start + span <= now + 1 && start + span > now - day - 1);
    }),
  );
});
