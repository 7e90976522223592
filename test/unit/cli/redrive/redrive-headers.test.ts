import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { triesOf, withOrigin } from '../../../../cli/redrive/redrive-headers.ts';

const header = (name: string, value: string | null) => ({
  name,
  value: value === null ? null : Buffer.from(value),
});
const origin = (tries: number) => ({
  place: { topic: 'clicks', partition: 3, offset: 9_007_199_254_740_993n },
  tries,
  task: 'a-task',
});

test('a redriven record says where it comes from, and keeps its own headers before that', () => {
  const headers = withOrigin([header('trace', 'x'), header('empty', null)], origin(1));
  deepStrictEqual(
    headers.map(({ name, value }) => `${name}=${value}`),
    [
      'trace=x',
      'empty=null',
      '__dlq.errors.topic=clicks',
      '__dlq.errors.partition=3',
      '__dlq.errors.offset=9007199254740993',
      'user-events.redrive.try=1',
      'user-events.redrive.task=a-task',
    ],
  );
});

test('a later try has the headers of an earlier one no more', () => {
  const again = withOrigin(withOrigin([header('trace', 'x')], origin(1)), origin(2));
  strictEqual(again.length, 6);
  strictEqual(triesOf(again), 2);
});

test('headers of others count for no try', () => {
  for (const value of ['', '-1', '1.5', '0x10', '12345678', 'many', null])
    strictEqual(triesOf([header('user-events.redrive.try', value)]), 0, `${value}`);
  strictEqual(triesOf([]), 0);
});
