import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { costOf, parts, total, usdOf, workload } from '../../../cost/model.ts';

// By hand: a whole core, one poller, a batch of 1,000 each 100 ms.
const simple = {
  ...workload,
  memoryMb: 1769,
  batchCpuMs: 50,
  batchWallMs: 100,
  recordBytes: 100,
  rowBytes: 1000,
};
const near = (one: number, other: number) => ok(Math.abs(one - other) < 1e-6 * other, `${one}`);

test('a small topic pays for one unit of pollers, whatever comes', () => {
  const { pollers, perMonth } = costOf({ eventsPerSecond: 1, partitions: 1 }, simple);
  deepStrictEqual(pollers, 1);
  near(perMonth['event pollers'], 730 * 0.185);
});

test('a million rows of up to a kilobyte are a million write units, and each checkpoint is read and written', () => {
  const traffic = { eventsPerSecond: 10_000, partitions: 10 };
  const millions = (10_000 * 730 * 3600) / 1e6;
  // 10 invocations a second of 1,000 records, by one poller, with all 10 partitions each.
  const checkpoints = (10 * 10 * (0.625 + 0.125)) / 10_000;
  near(costOf(traffic, simple).perMonth.Keyspaces / millions, 0.625 + checkpoints);
  const larger = costOf(traffic, { ...simple, rowBytes: 1025 });
  near(larger.perMonth.Keyspaces / millions, 1.25 + checkpoints);
});

test('there are as many pollers as the invocations or the bytes ask for, and no more than partitions', () => {
  const pollers = (eventsPerSecond: number, partitions: number, of = simple) =>
    costOf({ eventsPerSecond, partitions }, of).pollers;
  // One poller: five invocations at once of 100 ms, 1,000 records each: 50,000 records a second, or 5 MB.
  deepStrictEqual(pollers(37_000, 100), 1);
  deepStrictEqual(pollers(75_000, 100), 2);
  deepStrictEqual(pollers(37_000, 100, { ...simple, batchWallMs: 1000 }), 8);
  deepStrictEqual(pollers(37_000, 3, { ...simple, batchWallMs: 1000 }), 3);
});

test('half the memory costs the same, for twice as long, where the batch waits for its own work', () => {
  const lambda = (memoryMb: number) =>
    costOf({ eventsPerSecond: 10_000, partitions: 10 }, { ...simple, batchWallMs: 0, memoryMb })
      .perMonth.Lambda;
  near(lambda(1769), lambda(1769 / 2));
});

test('the charges of a month add up to its cost', () => {
  const cost = costOf({ eventsPerSecond: 3_000, partitions: 12 });
  near(
    cost.charges.reduce((sum, charge) => sum + usdOf(charge), 0),
    total(cost),
  );
});

test('every part of every cost is above nothing', () => {
  const { perMonth } = costOf({ eventsPerSecond: 10, partitions: 3 });
  for (const part of parts) ok(perMonth[part] > 0, part);
});
