import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Counts } from '../../../../cli/verify/counts.ts';

test('counts go on from those of a file, and are written as they are read', () => {
  const counts = new Counts({ matched: 5, 'rejected late': 2 });
  counts.add('matched');
  counts.add('rejected tombstone', 3);
  counts.add('missing', 0);
  strictEqual(counts.of('matched'), 6);
  strictEqual(counts.of('missing'), 0);
  deepStrictEqual(counts.toJSON(), { matched: 6, 'rejected late': 2, 'rejected tombstone': 3 });
  deepStrictEqual(new Counts(counts.toJSON()).toJSON(), counts.toJSON());
  deepStrictEqual(Object.fromEntries(counts.rejected()), { late: 2, tombstone: 3 });
});
