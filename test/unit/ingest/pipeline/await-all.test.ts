import { deepStrictEqual, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { awaitAll } from '../../../../functions/ingest/pipeline/await-all.ts';

test('the values come in the order of their promises', async () => {
  const slow = setImmediate('slow');
  deepStrictEqual(await awaitAll([slow, Promise.resolve('fast')]), ['slow', 'fast']);
  deepStrictEqual(await awaitAll([]), []);
});

test('when one rejects the others are waited for, and the first of the reasons by place is thrown', async () => {
  const first = Promise.withResolvers<void>();
  let settled = false;
  const all = awaitAll([first.promise, Promise.reject(new Error('second'))]).finally(() => {
    settled = true;
  });
  const thrown = rejects(all, { message: 'first' });
  await setImmediate();
  deepStrictEqual(settled, false);
  first.reject(new Error('first'));
  await thrown;
});
