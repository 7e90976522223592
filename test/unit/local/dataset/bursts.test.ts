import { ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { generate } from '../../../../local/dataset/generator.ts';

const options = { seed: 1, partitions: 1, startTime: Date.UTC(2026, 10, 28, 12), step: 10 };

/** Counts the kinds of the records of some seconds of a minute. */
const kindsBetween = (from: number, to: number, bursts: boolean): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { timestamp, intent } of generate({ ...options, bursts }).take(6_000)) {
    const second = new Date(timestamp).getUTCSeconds();
    if (second >= from && second < to) counts[intent.kind] = (counts[intent.kind] ?? 0) + 1;
  }
  return counts;
};

test('late events come in bursts where they are asked for: a third of the records for some seconds of a minute', () => {
  const { late = 0 } = kindsBetween(10, 14, true);
  ok(late > 80 && late < 220, `${late} of 400`);
  const { late: before = 0 } = kindsBetween(0, 10, true);
  ok(before < 60, `${before} of 1,000`);
});

test('broken values come in bursts of their own', () => {
  const { broken = 0 } = kindsBetween(25, 28, true);
  ok(broken > 60 && broken < 160, `${broken} of 300`);
});

test('without bursts the records are those that they were', () => {
  const { late = 0 } = kindsBetween(10, 14, false);
  ok(late < 40, `${late} of 400`);
  const [first] = generate(options).take(1);
  const [same] = generate({ ...options, bursts: false }).take(1);
  strictEqual(first?.value?.toString('hex'), same?.value?.toString('hex'));
});
