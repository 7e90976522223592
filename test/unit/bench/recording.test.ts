import { deepStrictEqual, notDeepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { openTopic } from '../../../bench/recording.ts';
import { toPartitionBatches } from '../../../functions/ingest/kafka/to-partition-batches.ts';

const batchesOf = (text: string) => toPartitionBatches(JSON.parse(text));

test('an event over several partitions has records of each, shared equally', () => {
  const next = openTopic(8);
  const batches = batchesOf(next(100));
  deepStrictEqual(
    batches.map(({ partition }) => partition),
    [0, 1, 2, 3, 4, 5, 6, 7],
  );
  const counts = batches.map(({ records }) => records.length);
  strictEqual(
    counts.reduce((sum, count) => sum + count, 0),
    100,
  );
  deepStrictEqual([Math.min(...counts), Math.max(...counts)], [12, 13]);
});

test('the next event goes on where the last one ended, in each partition', () => {
  const next = openTopic(8);
  const seen = new Map<number, number[]>();
  for (const records of [10, 100, 1_000])
    for (const { partition, records: some } of batchesOf(next(records)))
      seen.set(partition, [...(seen.get(partition) ?? []), ...some.map(({ offset }) => offset)]);
  strictEqual(seen.size, 8);
  for (const offsets of seen.values())
    deepStrictEqual(
      offsets,
      offsets.map((_, index) => index),
    );
});

test('topics of different partition counts share no partition', () => {
  const [one, eight] = [openTopic(1), openTopic(8)].map((next) => batchesOf(next(8)));
  strictEqual(one?.length, 1);
  notDeepStrictEqual(one?.[0]?.topic, eight?.[0]?.topic);
});
