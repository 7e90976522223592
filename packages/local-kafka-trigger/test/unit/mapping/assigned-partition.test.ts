import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  append,
  assignedPartition,
  hasRoom,
  nextOffset,
  take,
} from '../../../src/mapping/assigned-partition.ts';
import type { WaitingRecord } from '../../../src/mapping/batch.ts';

const waiting = (offset: number, bytes: number): WaitingRecord =>
  ({ offset, bytes }) as WaitingRecord;

test('a partition that is assigned has nothing, and does not know where it begins', () => {
  const { identifier, records, position, busy, lost } = assignedPartition('events', 3);
  deepStrictEqual(
    [identifier, records, position, busy, lost],
    ['events-3', [], null, false, false],
  );
});

test('the wait for a batch begins with the first record that finds none waiting', () => {
  const partition = assignedPartition('events', 0);
  append(partition, [waiting(0, 10)], 100);
  append(partition, [waiting(1, 20)], 200);
  deepStrictEqual([partition.since, partition.bufferedBytes], [100, 30]);
});

test('records that are taken are no longer buffered, and the partition goes on with the next one', () => {
  const partition = { ...assignedPartition('events', 0), position: 9n };
  append(partition, [waiting(0, 10), waiting(5, 20), waiting(6, 40)], 0);
  deepStrictEqual(
    take(partition, 1).map(({ offset }) => offset),
    [0],
  );
  deepStrictEqual([partition.bufferedBytes, nextOffset(partition)], [60, 5]);
  take(partition, 2);
  strictEqual(nextOffset(partition), 9, 'past the offsets that are no records');
});

test('a partition of which two batches wait, or the bytes of an event, is not read further until some are taken', () => {
  const limits = { batchSize: 2, payloadBytes: 100 };
  const partition = assignedPartition('events', 0);
  const room = (): boolean => hasRoom(partition, limits);
  append(partition, [waiting(0, 10), waiting(1, 10), waiting(2, 10)], 0);
  strictEqual(room(), true);
  append(partition, [waiting(3, 10)], 0);
  strictEqual(room(), false, 'two batches wait');
  take(partition, 2);
  strictEqual(room(), true);
  append(partition, [waiting(4, 80)], 0);
  strictEqual(room(), false, 'the bytes of an event wait');
});
