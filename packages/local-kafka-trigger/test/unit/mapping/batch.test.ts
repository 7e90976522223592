import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BatchLimits, cutBatch, type PartitionQueue } from '../../../src/mapping/batch.ts';
import { envelopeBytes, toEventJson } from '../../../src/mapping/kafka-event.ts';

const source = { kind: 'self-managed', bootstrapServers: 'a:1' } as const;

const limits = (given: Partial<BatchLimits> = {}): BatchLimits => ({
  batchSize: 100,
  maxBatchingWindowMs: 500,
  payloadBytes: 6 * 1024 * 1024,
  envelopeBytes: envelopeBytes(source),
  ...given,
});

/** A partition with records of these sizes. */
const queue = (partition: number, sizes: readonly number[], since = 0): PartitionQueue => ({
  identifier: `t-${partition}`,
  since,
  records: sizes.map((bytes, offset) => ({ offset, timestamp: 0, bytes, json: 'x'.repeat(bytes) })),
});

const sizes = (count: number): number[] => Array(count).fill(10);

const cut = (queues: readonly PartitionQueue[], given: Partial<BatchLimits>, now = 0) => {
  const found = cutBatch(queues, limits(given), now);
  return found.kind === 'batch'
    ? found.takes.map(({ queue: { identifier }, count }) => [identifier, count])
    : found;
};

test('without records there is no batch, however long it waits', () => {
  deepStrictEqual(cut([queue(0, [])], {}, 1e9), { kind: 'nothing' });
});

test('a batch waits for its window, from its oldest record on', () => {
  const queues = [queue(0, sizes(1), 20), queue(1, sizes(1), 10)];
  deepStrictEqual(cut(queues, {}, 509), { kind: 'wait', dueAt: 510 });
  deepStrictEqual(cut(queues, {}, 510), [
    ['t-1', 1],
    ['t-0', 1],
  ]);
});

test('with a window of 0 whatever is there goes at once', () => {
  deepStrictEqual(cut([queue(0, sizes(1), 7)], { maxBatchingWindowMs: 0 }, 7), [['t-0', 1]]);
});

test('a full batch does not wait', () => {
  deepStrictEqual(cut([queue(0, sizes(9))], { batchSize: 10 }), { kind: 'wait', dueAt: 500 });
  deepStrictEqual(cut([queue(0, sizes(10))], { batchSize: 10 }), [['t-0', 10]]);
  deepStrictEqual(cut([queue(0, sizes(25))], { batchSize: 10 }), [['t-0', 10]]);
});

test('the batch size counts the records of all its partitions', () => {
  const queues = [queue(0, sizes(3), 1), queue(1, sizes(3), 2), queue(2, sizes(3), 3)];
  deepStrictEqual(cut(queues, { batchSize: 5 }), [
    ['t-0', 3],
    ['t-1', 2],
  ]);
});

test('an event of exactly the payload limit goes, one byte more makes a smaller batch', () => {
  const records = sizes(3);
  const event = toEventJson(source, [queue(0, records)]);
  const payloadBytes = Buffer.byteLength(event);
  deepStrictEqual(cut([queue(0, records)], { payloadBytes }, 500), [['t-0', 3]]);
  deepStrictEqual(cut([queue(0, records)], { payloadBytes: payloadBytes - 1 }), [['t-0', 2]]);
});

test('a partition that no longer fits is left for the next batch', () => {
  const queues = [queue(0, [10]), queue(1, [500])];
  deepStrictEqual(cut(queues, { payloadBytes: 300 }), [['t-0', 1]]);
});

test('a record that makes too large an event by itself is named', () => {
  const large = queue(0, [1000, 10]);
  const eventBytes = Buffer.byteLength(
    toEventJson(source, [{ identifier: 't-0', records: large.records.slice(0, 1) }]),
  );
  deepStrictEqual(cut([large], { payloadBytes: eventBytes - 1 }), {
    kind: 'oversized',
    queue: large,
  });
  deepStrictEqual(cut([large], { payloadBytes: eventBytes }), [['t-0', 1]]);
});

test('no cut is over a limit, and each takes the first records of its partitions', () => {
  const anyQueues = fc
    .array(fc.array(fc.nat(400), { maxLength: 30 }), { maxLength: 5 })
    .map((partitions) => partitions.map((bytes, partition) => queue(partition, bytes, partition)));
  fc.assert(
    fc.property(anyQueues, fc.integer({ min: 1, max: 40 }), (queues, batchSize) => {
      const payloadBytes = 1000;
      const found = cutBatch(queues, limits({ batchSize, payloadBytes }), 1e9);
      if (found.kind !== 'batch') {
        strictEqual(found.kind, 'nothing');
        return;
      }
      const parts = found.takes.map(({ queue: { identifier, records }, count }) => ({
        identifier,
        records: records.slice(0, count),
      }));
      ok(parts.every(({ records }) => records.length > 0));
      ok(parts.flatMap(({ records }) => records).length <= batchSize);
      ok(Buffer.byteLength(toEventJson(source, parts)) <= payloadBytes);
    }),
  );
});
