import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  latenessOf,
  maximumAfter,
  maximumAfterGone,
  maximumAfterUnjudged,
  noMaximum,
  ofKnown,
  toKnown,
  unknownMaximum,
} from '../../../../cli/verify/maximum.ts';

const bound = 120_000;
const settings = { outOfOrdernessMs: bound, latenessRule: 'running' } as const;
const maxFutureMs = 120_000;
const hour = 3_600_000;

test('exactly the bound behind the maximum is on time, and a millisecond more is late', () => {
  const maximum = { low: 1_000_000, high: 1_000_000 };
  strictEqual(latenessOf(maximum, 880_000, settings), 'on time');
  strictEqual(latenessOf(maximum, 879_999, settings), 'late');
});

test('between what the maximum may be and what it must be, lateness is unknown', () => {
  const maximum = { low: 1_000_000, high: 2_000_000 };
  strictEqual(latenessOf(maximum, 879_999, settings), 'late');
  strictEqual(latenessOf(maximum, 880_000, settings), 'unknown');
  strictEqual(latenessOf(maximum, 1_879_999, settings), 'unknown');
  strictEqual(latenessOf(maximum, 1_880_000, settings), 'on time');
});

test('nothing is late without a maximum, and nothing is known where nothing is known of it', () => {
  strictEqual(latenessOf(noMaximum, -1e15, settings), 'on time');
  strictEqual(latenessOf(unknownMaximum, 1e15, settings), 'unknown');
});

test('by the rule batch an event may be late, or must be, and is never on time for sure', () => {
  const batch = { ...settings, latenessRule: 'batch' } as const;
  const maximum = { low: 1_000_000, high: 1_000_000 };
  strictEqual(latenessOf(maximum, 879_999, batch), 'late');
  strictEqual(latenessOf(maximum, 9e15, batch), 'unknown');
});

test('an event raises the maximum, unless it is of the future', () => {
  deepStrictEqual(maximumAfter(noMaximum, 5, 0, { maxFutureMs: 5 }), { low: 5, high: 5 });
  deepStrictEqual(maximumAfter(noMaximum, 6, 0, { maxFutureMs: 5 }), noMaximum);
  deepStrictEqual(maximumAfter({ low: 7, high: 9 }, 8, 8, { maxFutureMs: 5 }), { low: 8, high: 9 });
});

test('an event that may not have been handled, or has no timestamp, only may have raised the maximum', () => {
  const maximum = { low: 1, high: 2 };
  const uncertain = { maxFutureMs: 5, isCertain: false };
  deepStrictEqual(maximumAfter(maximum, 8, 8, uncertain), { low: 1, high: 8 });
  deepStrictEqual(maximumAfter(maximum, 8, -1, { maxFutureMs: 5 }), { low: 1, high: 8 });
});

test('records that are gone may have raised the maximum to an hour beyond the next record, and what it may be ahead', () => {
  deepStrictEqual(maximumAfterGone({ low: 1, high: 2 }, 10, { maxFutureMs: 5 }), {
    low: 1,
    high: 15 + hour,
  });
  deepStrictEqual(maximumAfterGone(unknownMaximum, 10, { maxFutureMs: 5 }).high, 15 + hour);
  deepStrictEqual(maximumAfterGone({ low: 1, high: 2 }, -1, { maxFutureMs: 5 }).high, Infinity);
});

test('a record that may have been an event may have raised the maximum to what it may be ahead', () => {
  const maximum = { low: 1, high: 2 };
  deepStrictEqual(maximumAfterUnjudged(maximum, 10, { maxFutureMs: 5 }), { low: 1, high: 15 });
  deepStrictEqual(maximumAfterUnjudged(maximum, -1, { maxFutureMs: 5 }).high, Infinity);
});

test('a maximum is the same after a findings file', () => {
  for (const maximum of [noMaximum, unknownMaximum, { low: -1, high: 0 }])
    deepStrictEqual(ofKnown(JSON.parse(JSON.stringify(toKnown(maximum)))), maximum);
});

/** Events of one partition in their order, and which of them may not have been handled. */
const streams = fc.array(
  fc.record({
    behind: fc.integer({ min: -400_000, max: 400_000 }),
    isHandled: fc.boolean(),
    hasTimestamp: fc.boolean(),
  }),
  { maxLength: 40 },
);

test('the true maximum always lies between the bounds, wherever the reading begins', () => {
  fc.assert(
    fc.property(streams, fc.nat(40), (events, from) => {
      // The clock of the function: each record comes a second after the one before it.
      let truth = Number.NEGATIVE_INFINITY;
      let known = noMaximum;
      for (const [index, { behind, isHandled, hasTimestamp }] of events.entries()) {
        const now = 1_000_000 + 1_000 * index;
        const timestamp = hasTimestamp ? now - 500 : -1;
        if (index === from) known = unknownMaximum;
        if (known.high === Infinity) known = maximumAfterGone(known, timestamp, { maxFutureMs });
        ok(known.low <= truth || truth === -Infinity, `${known.low} is above ${truth}`);
        if (index >= from) ok(known.high >= truth, `${known.high} is below ${truth}`);
        const time = now - behind;
        const isFuture = time > (hasTimestamp ? Math.min(now, timestamp) : now) + maxFutureMs;
        const isLate = time < truth - bound;
        if (isHandled && !isFuture && !isLate) truth = Math.max(truth, time);
        known = maximumAfter(known, time, timestamp, { maxFutureMs, isCertain: isHandled });
      }
    }),
  );
});
