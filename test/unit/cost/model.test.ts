import { deepStrictEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { costOf, demoPerHour, parts } from '../../../cost/model.ts';
import { costTable, priceTable } from '../../../cost/table.ts';
import { type Workload, workload } from '../../../cost/workload.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');

test('the tables of docs/operations.md and the demo’s price in the README are those that are computed', () => {
  const page = read('docs/operations.md');
  const between = (mark: string) =>
    new RegExp(`<!-- ${mark} -->\n\n?([\\s\\S]*?)\n\n?<!-- /${mark} -->`).exec(page)?.[1];
  deepStrictEqual(between('cost'), costTable());
  deepStrictEqual(between('prices'), priceTable());
  ok(read('README.md').includes(`US$ ${demoPerHour.toFixed(2)} an hour`));
});

// By hand: a core for each 1,769 MB, one poller, a batch of 100 each 100 ms.
const simple: Workload = {
  ...workload,
  memoryMb: 1769,
  batchCpuMs: 50,
  batchWallMs: 100,
  batchSize: 1000,
  batchingWindowSeconds: 1,
  recordBytes: 100,
  rowBytes: 1000,
};

test('a small topic pays for one poller unit, whatever comes', () => {
  const { pollers, perMonth, perMillion, total } = costOf(
    { eventsPerSecond: 1, partitions: 1 },
    simple,
  );
  deepStrictEqual(pollers, 1);
  deepStrictEqual(Math.round(perMillion['event pollers'] * 2.628), Math.round(730 * 0.185));
  ok(Math.abs(total * 2.628 - perMonth) < 0.01);
});

test('a million rows of up to a kilobyte are a million write units, and each invocation’s checkpoint one', () => {
  const { perMillion } = costOf({ eventsPerSecond: 10_000, partitions: 10 }, simple);
  // 10 invocations a second of 1,000 records, by one poller, with all 10 partitions each.
  const checkpoints = (10 * 10 * (0.625 + 0.125)) / 10_000;
  ok(Math.abs(perMillion.Keyspaces - 0.625 - checkpoints) < 1e-9);
  const larger = costOf({ eventsPerSecond: 10_000, partitions: 10 }, { ...simple, rowBytes: 1025 });
  ok(Math.abs(larger.perMillion.Keyspaces - 1.25 - checkpoints) < 1e-9);
});

test('pollers are as many as the invocations or the bytes ask for', () => {
  // One poller: five invocations at once of 100 ms, 1,000 records each: 50,000 records a second, or 5 MB.
  deepStrictEqual(costOf({ eventsPerSecond: 37_000, partitions: 100 }, simple).pollers, 1);
  deepStrictEqual(costOf({ eventsPerSecond: 75_000, partitions: 100 }, simple).pollers, 2);
  const slow = { ...simple, batchWallMs: 1000 };
  deepStrictEqual(costOf({ eventsPerSecond: 37_000, partitions: 100 }, slow).pollers, 8);
});

test('less memory is less of a core, so processing takes longer', () => {
  const traffic = { eventsPerSecond: 10_000, partitions: 10 };
  const { perMillion: whole } = costOf(traffic, { ...simple, batchWallMs: 0 });
  const { perMillion: half } = costOf(traffic, { ...simple, batchWallMs: 0, memoryMb: 1769 / 2 });
  // Half the memory for twice as long.
  ok(Math.abs(whole.Lambda - half.Lambda) < 1e-9);
});

test('every part is counted once', () => {
  for (const traffic of workload.traffic) {
    const { perMillion, total } = costOf(traffic, workload);
    const sum = parts.reduce((all, part) => all + perMillion[part], 0);
    ok(Math.abs(sum - total) < 1e-9);
  }
});
