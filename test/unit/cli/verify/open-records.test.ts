import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Open } from '../../../../cli/verify/findings-file.ts';
import { type Explaining, OpenRecords } from '../../../../cli/verify/open-records.ts';

const open = (offset: number, given: Partial<Open> = {}): Open => ({
  type: 'open',
  finding: {
    type: 'finding',
    partition: 0,
    offset,
    timestamp: 0,
    kind: 'different',
    why: 'it differs',
    maximum: { low: null, high: null },
  },
  key: 'key',
  found: 'found',
  due: 'due',
  otherwise: 'superseded',
  ...given,
});
const event = (offset: number, given: Partial<Explaining> = {}): Explaining => ({
  partition: 0,
  offset,
  key: 'key',
  values: 'of its own',
  isRowless: false,
  ...given,
});

/** Offers an event to one open record at offset 5. @returns whether it explains it, and whether it is a later one. */
const offer = (given: Open, offered: Explaining): boolean | null => {
  const records = new OpenRecords();
  records.add(given);
  const [explained] = records.offer(offered);
  strictEqual(records.size, explained === undefined ? 1 : 0);
  return explained === undefined ? null : explained.byLater;
};

test('a later record of the partition explains whatever row there is, unless it has none itself', () => {
  strictEqual(offer(open(5), event(6)), true);
  strictEqual(offer(open(5), event(6, { isRowless: true })), null);
  strictEqual(offer(open(5), event(4)), null);
  strictEqual(offer(open(5), event(6, { partition: 1 })), null);
  strictEqual(offer(open(5), event(6, { key: 'another' })), null);
});

test('a record with the values of the row explains it, wherever it stands', () => {
  strictEqual(offer(open(5), event(4, { values: 'found' })), false);
  strictEqual(offer(open(5), event(4, { partition: 1, values: 'found' })), false);
  strictEqual(offer(open(5), event(6, { values: 'found', isRowless: true })), true);
});

test('a late record is explained by the values of its row alone, and never by itself', () => {
  const late = open(5, { otherwise: 'late', found: 'due' });
  strictEqual(offer(late, event(6)), null);
  strictEqual(offer(late, event(5, { values: 'due' })), null);
  strictEqual(offer(late, event(4, { values: 'due' })), false);
});

test('of several records of one key, those that are not explained stay open', () => {
  const records = new OpenRecords();
  for (const offset of [3, 5, 7]) records.add(open(offset));
  deepStrictEqual(
    records.offer(event(6)).map((one) => one.open.finding.offset),
    [3, 5],
  );
  deepStrictEqual(
    [...records.all()].map(({ finding }) => finding.offset),
    [7],
  );
  strictEqual(records.size, 1);
});
