import { deepStrictEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from '../../../cost/limits.ts';
import { fullBatch, loadOf } from '../../../cost/load.ts';
import { simulatePollers } from '../../../cost/poller-simulation.ts';
import { costByPart, limitTable, loadTable, sizes } from '../../../cost/scale-tables.ts';
import { workload } from '../../../cost/workload.ts';

const within = (share: number, value: number, expected: number) =>
  ok(Math.abs(value - expected) <= share * expected, `${value} where ${expected} is due`);

test('the tables of docs/scale.md are those that are computed', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/scale.md'), 'utf8');
  const between = (mark: string) =>
    new RegExp(`<!-- ${mark} -->\n\n?([\\s\\S]*?)\n\n?<!-- /${mark} -->`).exec(page)?.[1];
  deepStrictEqual(between('load'), loadTable(workload));
  deepStrictEqual(between('limits'), limitTable(workload));
  deepStrictEqual(between('cost'), costByPart(workload));
});

for (const traffic of sizes)
  test(`a simulated mapping keeps up with ${traffic.eventsPerSecond} events a second as the model says`, () => {
    const load = loadOf(traffic, workload);
    const simulated = simulatePollers(traffic, load.pollers, workload, { seconds: 30, seed: 7 });
    within(0.1, simulated.invocationsPerSecond, load.invocationsPerSecond);
    within(0.1, simulated.recordsOfABatch, load.recordsOfABatch);
    // A batch ends with a step of the simulation, 5 ms at most too late.
    ok(simulated.concurrency >= load.concurrency * 0.9);
    ok(simulated.concurrency <= load.concurrency * 1.1 + load.invocationsPerSecond * 0.005);
    ok(simulated.partitionsOfABatch <= load.partitionsOfABatch * 1.001);
    ok(simulated.growthPerSecond < traffic.eventsPerSecond / 100);
  });

test('with half of the pollers that a million events a second need, the backlog grows', () => {
  const slow = { ...workload, batchWallMs: 1_000 };
  const traffic = { eventsPerSecond: 1_000_000, partitions: 1_000 };
  const { pollers } = loadOf(traffic, slow);
  const { growthPerSecond } = simulatePollers(traffic, Math.floor(pollers / 2), slow, {
    seconds: 20,
    seed: 1,
  });
  within(0.1, growthPerSecond, traffic.eventsPerSecond / 2);
});

test('one partition takes one batch at a time: beyond that its backlog grows, whatever the pollers', () => {
  const slow = { ...workload, batchWallMs: 1_000 };
  const traffic = { eventsPerSecond: 2_000, partitions: 1 };
  const [one] = limits;
  deepStrictEqual(one?.allowed(traffic, loadOf(traffic, slow), slow), 1_000);
  const { growthPerSecond } = simulatePollers(traffic, 1, slow, { seconds: 20, seed: 1 });
  within(0.1, growthPerSecond, 1_000);
});

test('no model asks for more pollers than partitions, nor for a batch beyond 6 MB', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      (eventsPerSecond, partitions, recordBytes) => {
        const large = { ...workload, recordBytes, batchSize: 10_000 };
        const load = loadOf({ eventsPerSecond, partitions }, large);
        ok(load.pollers <= partitions);
        ok(load.recordsOfABatch <= fullBatch(large) * 1.000_001);
        ok(load.concurrency > 0);
      },
    ),
  );
});
