import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { mock, test } from 'node:test';
import {
  OutOfTimeError,
  TransientError,
  UnavailableError,
} from '../../../../functions/ingest/pipeline/errors.ts';
import { createFlowControl } from '../../../../functions/ingest/pipeline/flow-control.ts';

const plenty = { left: () => 60_000 };
const busy = new TransientError('busy');

/** A request that fails as often as it is told, then succeeds; counts its attempts. */
const failing = (times: number, error: Error = busy) => {
  const request = async (): Promise<string> => {
    request.attempts += 1;
    if (request.attempts <= times) throw error;
    return 'done';
  };
  request.attempts = 0;
  return request;
};

/** Runs timers as they come due until the promise settles; gives the pauses in between. */
const fastForward = async (promise: Promise<unknown>): Promise<number[]> => {
  let settled = false;
  const done = (): void => {
    settled = true;
  };
  promise.then(done, done);
  const pauses: number[] = [];
  while (!settled) {
    await new Promise((resolve) => setImmediate(resolve));
    const began = Date.now();
    mock.timers.runAll();
    if (Date.now() > began) pauses.push(Date.now() - began);
  }
  return pauses;
};
const fakeTimers = (t: { after: (fn: () => void) => void }): void => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
};

test('a request that fails for a moment is tried again until it succeeds', async (t) => {
  fakeTimers(t);
  const flow = createFlowControl(8);
  const request = failing(5);
  const result = flow.request(request, plenty);
  await fastForward(result);
  deepStrictEqual([await result, request.attempts, flow.transientFailures], ['done', 6, 5]);
});

test('the pauses double, with as much again at random, up to one to two seconds', async (t) => {
  fakeTimers(t);
  const pauses = await fastForward(createFlowControl(8).request(failing(9), plenty));
  strictEqual(pauses.length, 9);
  for (const [index, pause] of pauses.entries()) {
    const shortest = Math.min(50 * 2 ** index, 1_000);
    ok(pause >= shortest && pause <= Math.min(2 * shortest, 2_000), `pause ${index}: ${pause}`);
  }
  ok(new Set(pauses.slice(0, 5).map((pause, index) => pause / 2 ** index)).size > 1);
});

test('the longest pauses of two requests differ: requests that failed together do not come back together', async (t) => {
  fakeTimers(t);
  const last = async () =>
    (await fastForward(createFlowControl(8).request(failing(9), plenty))).at(-1);
  ok(new Set([await last(), await last(), await last(), await last()]).size > 1);
});

test('an error that waiting does not mend is thrown at once', async () => {
  const request = failing(1, new UnavailableError('no such table'));
  await rejects(createFlowControl(8).request(request, plenty), UnavailableError);
  strictEqual(request.attempts, 1);
});

test('with a number of attempts it ends with the failure of the last', async (t) => {
  fakeTimers(t);
  const request = failing(3);
  const result = createFlowControl(8).request(request, plenty, 3);
  await fastForward(result);
  await rejects(result, busy);
  strictEqual(request.attempts, 3);
});

test('after the deadline nothing begins', async () => {
  const request = failing(0);
  await rejects(createFlowControl(8).request(request, { left: () => 0 }), OutOfTimeError);
  strictEqual(request.attempts, 0);
});

test('a request that waited for its turn until after the deadline does not begin', async () => {
  let left = 10;
  const flow = createFlowControl(1);
  const first = flow.request(
    async () => {
      left = -1;
    },
    { left: () => left },
  );
  const second = failing(0);
  await rejects(flow.request(second, { left: () => left }), OutOfTimeError);
  await first;
  strictEqual(second.attempts, 0);
});

test('no attempt begins after the deadline, no pause outlasts it, and the last failure is told', async (t) => {
  fakeTimers(t);
  const began = Date.now();
  t.mock.method(performance, 'now', () => Date.now() - began);
  const attempts: number[] = [];
  const request = createFlowControl(8).request(
    async () => {
      attempts.push(Date.now() - began);
      throw new TransientError(`attempt ${attempts.length}`);
    },
    { left: () => 5_000 - (Date.now() - began) },
  );
  const pauses = await fastForward(request);
  await rejects(request, { name: 'TransientError', message: `attempt ${attempts.length}` });
  ok(attempts.every((at) => at < 5_000));
  ok(attempts.length > 4);
  strictEqual(
    pauses.reduce((sum, pause) => sum + pause),
    5_000,
  );
});

test('a success after the deadline is a success', async () => {
  let left = 1;
  const result = await createFlowControl(1).request(
    async () => {
      left = -100;
      return 'done';
    },
    { left: () => left },
  );
  strictEqual(result, 'done');
});

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('requests that fail side by side halve the concurrency once, and one that began later once more', async (t) => {
  fakeTimers(t);
  const flow = createFlowControl(16);
  const fail = Promise.withResolvers<void>();
  const together = Array.from({ length: 16 }, () => {
    const request = failing(1);
    return flow.request(async () => {
      await fail.promise;
      return request();
    }, plenty);
  });
  await nextTurn();
  fail.resolve();
  await nextTurn();
  deepStrictEqual([flow.transientFailures, flow.concurrency], [16, 8]);
  const later = flow.request(failing(1), plenty);
  await nextTurn();
  strictEqual(flow.concurrency, 4);
  await fastForward(Promise.all([...together, later]));
});

test('the concurrency never falls below one', async (t) => {
  fakeTimers(t);
  const flow = createFlowControl(4);
  const request = failing(5);
  const seen: number[] = [];
  await fastForward(
    flow.request(() => {
      seen.push(flow.concurrency);
      return request();
    }, plenty),
  );
  deepStrictEqual(seen, [4, 2, 1, 1, 1, 1]);
});

test('the concurrency recovers by one with each full window of successes, up to where it began', async (t) => {
  fakeTimers(t);
  const flow = createFlowControl(4);
  await fastForward(flow.request(failing(3), plenty));
  const steps: number[] = [];
  for (let success = 0; success < 12; success += 1) {
    await flow.request(failing(0), plenty);
    steps.push(flow.concurrency);
  }
  // The success that ended the failures was the first window, of one.
  deepStrictEqual(steps, [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
});

test('after a failure no request begins while as many run as still may', async (t) => {
  fakeTimers(t);
  const flow = createFlowControl(6);
  let running = 0;
  const request = async (index: number, attempt: () => Promise<string>): Promise<void> => {
    // Those that ran already when the concurrency fell go on; a further one begins only below it.
    ok(running < flow.concurrency, `${running} run beside it, of ${flow.concurrency}`);
    running += 1;
    try {
      for (let turn = 0; turn <= index % 5; turn += 1) await nextTurn();
      await attempt();
    } finally {
      running -= 1;
    }
  };
  const requests = Array.from({ length: 60 }, (_, index) => {
    const attempt = failing(index % 7 === 0 ? 1 : 0);
    return flow.request(() => request(index, attempt), plenty);
  });
  await fastForward(Promise.all(requests));
  ok(flow.transientFailures === 9);
});
