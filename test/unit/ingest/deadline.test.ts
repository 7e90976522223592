import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { deadline } from '../../../functions/ingest/deadline.ts';

for (const [remaining, abortedAt] of [
  [60_000, 50_000],
  [30_000, 20_000],
  [3_000, 2_000],
] as const)
  test(`with ${remaining} ms left no write begins after ${abortedAt} ms`, (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    using outOfTime = deadline(remaining);
    t.mock.timers.tick(abortedAt - 1);
    const before = outOfTime.signal.aborted;
    t.mock.timers.tick(1);
    deepStrictEqual([before, outOfTime.signal.aborted], [false, true]);
  });

test('when the invocation has ended its timer has too: it must not fire after a thaw', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let signal: AbortSignal;
  {
    using outOfTime = deadline(3_000);
    signal = outOfTime.signal;
  }
  t.mock.timers.tick(10_000);
  strictEqual(signal.aborted, false);
});
