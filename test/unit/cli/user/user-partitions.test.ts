import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { bucketsOf, isHourly } from '../../../../cli/user/user-partitions.ts';

const at = (text: string): number => Date.parse(text);

test('the partitions of a user between two times are its days, the newest first, with the days of both ends', () => {
  const buckets = bucketsOf(at('2026-02-28T23:59:59.999Z'), at('2026-03-02T00:00:00Z'), false);
  deepStrictEqual(
    [...buckets].map(({ date }) => date),
    ['2026-03-02', '2026-03-01', '2026-02-28'],
  );
});

test('a table by the hour has the hours alone that the times touch', () => {
  const buckets = bucketsOf(at('2026-03-01T22:30:00Z'), at('2026-03-02T01:00:00Z'), true);
  deepStrictEqual(
    [...buckets].map(({ date, hour }) => `${date} ${hour}`),
    ['2026-03-02 1', '2026-03-02 0', '2026-03-01 23', '2026-03-01 22'],
  );
});

test('days before the epoch are found too', () => {
  const [bucket] = bucketsOf(-1, -1, true);
  deepStrictEqual(bucket, { date: '1969-12-31', hour: 23 });
});

test('a table has a partition for each hour where its key says so', () => {
  strictEqual(isHourly({ partitionKey: ['user_id', 'bucket_date', 'bucket_hour'] }), true);
  strictEqual(isHourly({ partitionKey: ['user_id', 'bucket_date'] }), false);
});
