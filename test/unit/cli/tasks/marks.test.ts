import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { markItem, markScope } from '../../../../cli/tasks/marks.ts';

test('the marks of a thousand offsets share a partition of the table, and no two records a mark', () => {
  const at = (offset: bigint, partition = 1) => ({ topic: 'clicks', partition, offset });
  strictEqual(markScope(at(999n)), markScope(at(0n)));
  strictEqual(markScope(at(1_000n)), 'redriven/clicks/1/1');
  deepStrictEqual(
    new Set([at(1n), at(2n), at(1n, 2), { ...at(1n), topic: 'views' }].map(markItem)).size,
    4,
  );
  strictEqual(markItem(at(2n ** 62n)), 'clicks/1/4611686018427387904');
});
