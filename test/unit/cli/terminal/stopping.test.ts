import { rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from 'cassandra-driver';
import { afterAbort, unless, untilAnswered } from '../../../../cli/terminal/stopping.ts';

const never = new AbortController().signal;
const reason = new Error('stopped');

test('a wait ends with the signal’s reason when that is aborted, before or during it', async () => {
  await rejects(unless(AbortSignal.abort(reason), Promise.withResolvers().promise), reason);
  const stopping = new AbortController();
  const waiting = unless(stopping.signal, Promise.withResolvers().promise);
  stopping.abort(reason);
  await rejects(waiting, reason);
  strictEqual(await unless(never, Promise.resolve(1)), 1);
});

test('what follows an abort is not done once it is disposed of', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let calls = 0;
  const stopping = new AbortController();
  {
    using _ = afterAbort(stopping.signal, 10, () => {
      calls += 1;
    });
    stopping.abort();
    t.mock.timers.tick(9);
  }
  t.mock.timers.tick(10);
  strictEqual(calls, 0);
  using _ = afterAbort(stopping.signal, 10, () => {
    calls += 1;
  });
  t.mock.timers.tick(10);
  strictEqual(calls, 1);
});

test('what Cassandra does not answer is tried again, and what it refuses is not', async () => {
  let calls = 0;
  const answer = await untilAnswered(never, async () => {
    calls += 1;
    if (calls < 2) throw new errors.OperationTimedOutError('no answer');
    return 'answer';
  });
  strictEqual(answer, 'answer');
  await rejects(
    untilAnswered(never, async () => {
      throw new errors.ResponseError(0x2200, 'unconfigured table nope');
    }),
    /unconfigured table/,
  );
  await rejects(
    untilAnswered(AbortSignal.abort(reason), () => Promise.withResolvers().promise),
    reason,
  );
});
