import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { standardRows } from '../../../cli/verify/rules/row.ts';
import type { Difference } from '../../../local/dataset/comparison.ts';
import type { GeneratedRecord } from '../../../local/dataset/generated-record.ts';
import { judgeDifferences, type Strictness } from '../../chaos/judgement.ts';
import { createLedger } from '../../chaos/ledger.ts';
import { encode, eventId, eventValues, userId } from '../../support/avro.ts';

const start = Date.UTC(2026, 2, 10, 12);
const minute = 60_000;
const other = '33333333-3333-4333-8333-333333333333';

const record = (offset: number, event_time: number, event_id = eventId): GeneratedRecord => ({
  partition: 0,
  offset,
  timestamp: start + 10 * minute,
  key: null,
  value: encode({ event_time, event_id }),
  headers: [],
  intent: { kind: 'broken', reason: 'undecodable' },
});

/** On time, on time, late; and one more with the row key of the first. */
const records = [
  record(0, start),
  record(1, start + 10 * minute),
  record(2, start + minute),
  record(3, start + 9 * minute),
  record(4, start + 9 * minute, other),
];
const key = (time: number): string => `${userId} ${Math.floor(time / 86_400_000)} ${time} click`;
const digest = (event_id: string): string => standardRows.digest(eventValues({ event_id }));

const judge = (
  differences: readonly Difference[],
  strictness: Strictness = 'exact',
  destination: readonly string[] = [],
) => {
  const given = new Set(destination);
  const { examples, ...counts } = judgeDifferences(
    differences,
    createLedger(records, 1, given),
    given,
    strictness,
  );
  return { examples, counts };
};
const none = { lost: 0, wrong: 0, wronglyLate: 0, tolerated: 0, inBoth: 0 };

const rejected = (
  kind: Difference['kind'],
  at: string,
  found?: string,
  due?: string,
): Difference => ({
  table: 'rejected_events',
  kind,
  key: at,
  ...(found !== undefined && { found }),
  ...(due !== undefined && { due }),
});
const event = (kind: Difference['kind'], time: number, found?: string): Difference => ({
  table: 'user_events',
  kind,
  key: key(time),
  ...(found !== undefined && { found }),
});
const watermark = (found: string, due: string): Difference => ({
  table: 'partition_watermarks',
  kind: 'different',
  key: 'group topic-0',
  found,
  due,
});

test('a row that is not there is lost, by whatever rules', () => {
  for (const strictness of ['exact', 'zombies'] as const) {
    const { counts, examples } = judge([event('missing', start)], strictness);
    deepStrictEqual(counts, { ...none, lost: 1 });
    match(examples[0] ?? '', /^lost: user_events 1111.* click has nothing/);
    deepStrictEqual(judge([rejected('missing', '0@2')], strictness).counts, { ...none, lost: 1 });
  }
});

test('an event on time that is rejected as late is wrongly late, by whatever rules, and counted once', () => {
  for (const strictness of ['exact', 'zombies'] as const)
    deepStrictEqual(
      judge([event('missing', start), rejected('unexpected', '0@0', 'late x')], strictness).counts,
      { ...none, wronglyLate: 1 },
    );
});

test('a row that nobody sent, or with contents that nobody sent, is wrong', () => {
  for (const strictness of ['exact', 'zombies'] as const) {
    deepStrictEqual(judge([event('unexpected', start + 1, 'x')], strictness).counts, {
      ...none,
      wrong: 1,
    });
    deepStrictEqual(judge([event('different', start, 'x')], strictness).counts, {
      ...none,
      wrong: 1,
    });
  }
});

test('with zombies a late event may be on time, in its row alone or in both tables', () => {
  const asRow = event('unexpected', start + minute, digest(eventId));
  deepStrictEqual(judge([asRow, rejected('missing', '0@2')], 'zombies').counts, {
    ...none,
    tolerated: 2,
  });
  deepStrictEqual(judge([asRow], 'zombies').counts, { ...none, tolerated: 1, inBoth: 1 });
  deepStrictEqual(judge([asRow]).counts, { ...none, wrong: 1, inBoth: 1 });
});

test('with zombies either event of one row key may stand, and a checkpoint may be lower, not higher', () => {
  const older = event('different', start + 9 * minute, digest(eventId));
  strictEqual(judge([older], 'zombies').counts.tolerated, 1);
  strictEqual(judge([older]).counts.wrong, 1);
  strictEqual(judge([watermark('next 3, max 5', 'next 5, max 9')], 'zombies').counts.tolerated, 1);
  strictEqual(judge([watermark('next 5, max 10', 'next 5, max 9')], 'zombies').counts.wrong, 1);
  strictEqual(judge([watermark('next 3, max 5', 'next 5, max 9')]).counts.wrong, 1);
});

test('a record that the destination has may have a row or none, and makes no other late', () => {
  // Without the second record the third is on time: its row is due, and a rejection is none.
  deepStrictEqual(judge([], 'exact', ['0@1']).counts, none);
  deepStrictEqual(
    judge([event('unexpected', start + 10 * minute, digest(eventId))], 'exact', ['0@1']).counts,
    { ...none, tolerated: 1 },
  );
  deepStrictEqual(
    judge([event('missing', start + minute), rejected('unexpected', '0@2', 'late x')], 'exact', [
      '0@1',
    ]).counts,
    { ...none, wronglyLate: 1 },
  );
});
