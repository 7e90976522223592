import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import { toParameter, toValue } from '../../../../cli/verify/driver-value.ts';

test('values of the driver become values of the rules, and come back as parameters', () => {
  const uuid = '6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11';
  strictEqual(toValue(types.Uuid.fromString(uuid)), uuid);
  strictEqual(toValue(null), null);
  strictEqual(toValue(undefined), null);
  strictEqual(toValue('text'), 'text');
  for (const long of [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)])
    strictEqual(toValue(toParameter(long, 'bigint')), long);
  for (const time of [0, -1, 1_700_000_000_123])
    strictEqual(toValue(toParameter(time, 'timestamp')), time);
  for (const day of [0, -1, 20_785, -719_162]) strictEqual(toValue(toParameter(day, 'date')), day);
  deepStrictEqual(toParameter('text', 'text'), 'text');
});
