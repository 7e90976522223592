import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { addRound, roundText } from '../../../local/round-text.ts';

const comparison = (table: string, found: number, reasons: readonly [string, number][] = []) => ({
  ...{ table, expected: found, found, missing: 0, unexpected: 0, different: 0, others: 0 },
  ...{ examples: [], reasons: new Map(reasons) },
});

test('a round is told by its own numbers, and the records of others only where there are some', () => {
  const round = {
    number: 3,
    events: 5_000,
    seconds: { produced: 5, handled: 6.25 },
    others: 0,
    tables: [comparison('user_events', 4_801), comparison('partition_watermarks', 6)],
  };
  strictEqual(
    roundText(round),
    'Round 3: 5,000 events, 1,000/s produced, 800/s handled; all rows agree (4,801\n  in user_events).',
  );
  strictEqual(roundText({ ...round, others: 2 }).endsWith(' Others’: 2 records.'), true);
});

test('the rows of rounds add up, and the checkpoints are those of the last', () => {
  const sum = addRound(
    [comparison('rejected_events', 3, [['late', 3]]), comparison('partition_watermarks', 6)],
    [comparison('rejected_events', 2, [['late', 1]]), comparison('partition_watermarks', 6)],
  );
  deepStrictEqual(sum, [
    comparison('rejected_events', 5, [['late', 4]]),
    comparison('partition_watermarks', 6),
  ]);
});
