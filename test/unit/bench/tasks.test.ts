import { deepStrictEqual, ok, rejects } from 'node:assert/strict';
import { test } from 'node:test';
import { medianTimes } from '../../../bench/tasks.ts';

const quick = { time: 1, iterations: 1, warmup: false };

test('each measured task has a time above nothing', async () => {
  const times = await medianTimes({ one: () => 1, other: () => 'x'.repeat(1_000) }, quick);
  deepStrictEqual([...times.keys()], ['one', 'other']);
  for (const [name, time] of times) ok(time > 0, name);
});

test('a measured task that throws ends the measurement with its own error', async () => {
  const error = new Error('the task has failed');
  const failing = (): never => {
    throw error;
  };
  await rejects(medianTimes({ one: () => 1, failing }, quick), error);
});
