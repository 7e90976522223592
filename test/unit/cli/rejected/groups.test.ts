import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { groupRejected, partitionsText } from '../../../../cli/rejected/groups.ts';
import type { RejectedSummary } from '../../../../cli/rejected/row.ts';

const row = (given: Partial<RejectedSummary>): RejectedSummary => ({
  topic: 't',
  rejectedDate: '2026-11-29',
  partition: 0,
  offset: 0n,
  reason: 'undecodable',
  detail: 'it is bad',
  eventTime: null,
  watermark: null,
  recordTimestamp: null,
  rejectedAt: 0,
  ...given,
});

test('records of one reason and one kind of detail are one group, the largest first', async () => {
  const groups = await groupRejected([
    row({ detail: 'the value (3 bytes)', rejectedAt: 20, offset: 1n, partition: 4 }),
    row({ reason: 'tombstone', detail: 'the record has no value', rejectedAt: 5 }),
    row({ detail: 'the value (17 bytes)', rejectedAt: 30, offset: 2n, partition: 3 }),
    row({ detail: 'the value (9 bytes)', rejectedAt: 10, offset: 3n, topic: 'u' }),
  ]);
  deepStrictEqual(
    groups.map(({ reason, detail, count, first, last, partitions, example }) => [
      ...[reason, detail, count, first, last],
      ...[partitionsText(partitions), example],
    ]),
    [
      ['undecodable', 'the value (<n> bytes)', 3, 10, 30, 't/3-4 u/0', 't/3/2'],
      ['tombstone', 'the record has no value', 1, 5, 5, 't/0', 't/0/0'],
    ],
  );
});

test('details without end do not fill the memory: those beyond five thousand are counted together', async () => {
  const letters = (value: number): string =>
    [...value.toString(16)].map((digit) => 'ghijklmnopqrstuv'[Number.parseInt(digit, 16)]).join('');
  const rows = Array.from({ length: 6_000 }, (_, index) => row({ detail: `x${letters(index)}` }));
  const groups = await groupRejected(rows);
  strictEqual(groups.length, 5_001);
  deepStrictEqual([groups[0]?.detail, groups[0]?.count], ['(other details)', 1_000]);
  strictEqual(
    groups.reduce((sum, { count }) => sum + count, 0),
    6_000,
  );
});

test('partitions are written as ranges', () => {
  const partitions = new Map([['t', new Set([7, 0, 2, 1, 9, 8])]]);
  strictEqual(partitionsText(partitions), 't/0-2,7-9');
  strictEqual(partitionsText(new Map()), '');
});
