import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { WrittenRows } from '../../../../../cli/redrive/destinations/written-rows.ts';
import { recordAt } from '../../../../support/candidates.ts';

test('a row is an earlier record’s where that is of the same partition and before', () => {
  const rows = new WrittenRows();
  rows.note('key', recordAt(5));
  strictEqual(rows.has('key'), true);
  strictEqual(rows.isEarlier('key', recordAt(6)), true);
  strictEqual(rows.isEarlier('key', recordAt(5)), false);
  strictEqual(rows.isEarlier('key', recordAt(4)), false);
  strictEqual(rows.isEarlier('key', recordAt(6, { partition: 1 })), false);
  strictEqual(rows.isEarlier('key', recordAt(6, { topic: 'views' })), false);
  strictEqual(rows.isEarlier('other', recordAt(6)), false);
});

test('the row that was written longest ago is forgotten first', () => {
  const rows = new WrittenRows();
  rows.note('old', recordAt(0));
  rows.note('noted again', recordAt(1));
  for (let offset = 2; offset < 50_000; offset += 1) rows.note(`${offset}`, recordAt(offset));
  rows.note('noted again', recordAt(50_000));
  strictEqual(rows.has('old'), true);
  rows.note('one more', recordAt(50_001));
  strictEqual(rows.has('old'), false);
  strictEqual(rows.has('noted again'), true);
});
