import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { fetchedRecords } from '../../../src/kafka/fetched-records.ts';
import type { FetchResponsePartition, RecordsBatch } from '../../../src/kafka/topic-reader.ts';

const LOG_APPEND_TIME = 8;
const TRANSACTIONAL = 16;
const CONTROL = 32;

/** A batch of records at these offsets, a millisecond apart. */
const batch = (
  firstOffset: number,
  offsetDeltas: readonly number[],
  given: Partial<RecordsBatch> = {},
): RecordsBatch => ({
  firstOffset: BigInt(firstOffset),
  length: 0,
  partitionLeaderEpoch: 0,
  magic: 2,
  crc: 0,
  attributes: 0,
  lastOffsetDelta: offsetDeltas.at(-1) ?? 0,
  firstTimestamp: 1000n,
  maxTimestamp: 9000n,
  producerId: -1n,
  producerEpoch: 0,
  firstSequence: 0,
  records: offsetDeltas.map((offsetDelta) => ({
    length: 0,
    attributes: 0,
    timestampDelta: BigInt(offsetDelta),
    offsetDelta,
    key: null,
    value: null,
    headers: [],
  })),
  ...given,
});

const marker = (offset: number, producerId: bigint, type: 'abort' | 'commit'): RecordsBatch => {
  const key = Buffer.from([0, 0, 0, type === 'abort' ? 0 : 1]);
  const [record] = batch(0, [0]).records;
  return batch(offset, [0], {
    attributes: TRANSACTIONAL | CONTROL,
    producerId,
    records: record === undefined ? [] : [{ ...record, key }],
  });
};

const fetched = (
  from: number,
  records: RecordsBatch[],
  abortedTransactions: FetchResponsePartition['abortedTransactions'] = null,
) => {
  const response: FetchResponsePartition = {
    partitionIndex: 3,
    errorCode: 0,
    highWatermark: 0n,
    lastStableOffset: 0n,
    logStartOffset: 0n,
    preferredReadReplica: -1,
    abortedTransactions,
    records,
  };
  const { records: found, nextOffset, hidden } = fetchedRecords('t', response, BigInt(from));
  return { offsets: found.map(({ offset }) => offset), nextOffset, found, hidden };
};

const transactional = (offset: number, producerId: bigint): RecordsBatch =>
  batch(offset, [0], { attributes: TRANSACTIONAL, producerId });

test('records before the offset asked for are left out', () => {
  const { offsets, nextOffset } = fetched(12, [batch(10, [0, 1, 2, 3]), batch(14, [0])]);
  deepStrictEqual([offsets, nextOffset], [[12, 13, 14], 15n]);
});

test('offsets that compaction has emptied are passed over', () => {
  const { offsets, nextOffset } = fetched(0, [
    batch(0, [0, 5]),
    batch(6, [], { lastOffsetDelta: 3 }),
  ]);
  deepStrictEqual([offsets, nextOffset], [[0, 5], 10n]);
});

test('an empty answer leaves the offset where it is', () => {
  deepStrictEqual(fetched(7, []).nextOffset, 7n);
});

test('a record has the time of its creation, or of its append where the topic says so', () => {
  const { found } = fetched(0, [batch(0, [0, 5]), batch(6, [0], { attributes: LOG_APPEND_TIME })]);
  deepStrictEqual(
    found.map(({ timestamp, timestampType }) => [timestamp, timestampType]),
    [
      [1000, 'CREATE_TIME'],
      [1005, 'CREATE_TIME'],
      [9000, 'LOG_APPEND_TIME'],
    ],
  );
});

test('an aborted transaction ends with its marker, and touches no other producer', () => {
  const records = [
    transactional(0, 1n),
    transactional(1, 2n),
    transactional(2, 1n),
    marker(3, 1n, 'abort'),
    transactional(4, 1n),
    marker(5, 2n, 'commit'),
    marker(6, 1n, 'commit'),
  ];
  const aborted = [{ producerId: 1n, firstOffset: 0n }];
  const { offsets, nextOffset, hidden } = fetched(0, records, aborted);
  deepStrictEqual([offsets, nextOffset], [[1, 4], 7n]);
  // The offsets without a record are told apart from those that compaction has emptied.
  deepStrictEqual(hidden, [
    [0, 4],
    [5, 7],
  ]);
});

test('the offsets of an aborted transaction whose records the client has taken out are hidden up to its marker', () => {
  const records = [batch(0, [0]), transactional(3, 2n), marker(6, 1n, 'abort'), batch(9, [0])];
  const { offsets, hidden } = fetched(0, records, [{ producerId: 1n, firstOffset: 1n }]);
  deepStrictEqual([offsets, hidden], [[0, 3, 9], [[1, 7]]]);
});

test('an aborted transaction whose marker comes later is left out too', () => {
  const records = [batch(0, [0]), transactional(1, 1n)];
  const { offsets, nextOffset } = fetched(0, records, [{ producerId: 1n, firstOffset: 1n }]);
  deepStrictEqual([offsets, nextOffset], [[0], 2n]);
});
