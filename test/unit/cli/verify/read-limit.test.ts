import { ok, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createReadLimit } from '../../../../cli/verify/read-limit.ts';

test('reads do not come faster than their rate', async () => {
  const limit = createReadLimit(500, 100, new AbortController().signal);
  const began = performance.now();
  await Promise.all(Array.from({ length: 200 }, () => limit.turn()));
  // 200 reads of 500 a second take 400 ms; a few may be ahead.
  ok(performance.now() - began > 300);
});

test('no more tasks run at once than may', async () => {
  const limit = createReadLimit(1_000_000, 3, new AbortController().signal);
  let running = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      limit.run(async () => {
        running += 1;
        most = Math.max(most, running);
        await limit.turn();
        running -= 1;
      }),
    ),
  );
  strictEqual(most, 3);
});

test('a read that waits for its turn ends with the signal', async () => {
  const abort = new AbortController();
  const limit = createReadLimit(1, 1, abort.signal);
  await limit.turn();
  const waiting = limit.turn();
  abort.abort(new Error('stopped'));
  await rejects(waiting, /stopped|aborted/i);
  await rejects(limit.turn(), /stopped/);
});
