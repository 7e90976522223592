import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type BatchLimits,
  batchLimits,
  rowBatches,
  type SizedRows,
} from '../../../../../functions/ingest/cassandra/batch/row-batches.ts';

interface TestRow {
  readonly partition: number;
  readonly stored: number;
}

/** Rows of which only the partition and the size count; hashes clash on purpose. */
class TestRows implements SizedRows {
  readonly rows: readonly TestRow[];

  constructor(rows: readonly TestRow[]) {
    this.rows = rows;
  }

  get count(): number {
    return this.rows.length;
  }

  partitionHash(place: number): number {
    return this.at(place).partition % 3;
  }

  samePartition(one: number, other: number): boolean {
    return this.at(one).partition === this.at(other).partition;
  }

  mutationBytes(place: number): number {
    return this.at(place).stored;
  }

  at(place: number): TestRow {
    return this.rows[place] as TestRow;
  }
}

const rows = fc
  .array(fc.record({ partition: fc.nat({ max: 30 }), stored: fc.integer({ min: 1, max: 400 }) }), {
    maxLength: 200,
  })
  .map((given) => new TestRows(given));
const limits: fc.Arbitrary<BatchLimits> = fc
  .record({
    rows: fc.integer({ min: 1, max: 40 }),
    partitions: fc.integer({ min: 1, max: 12 }),
    bytesOverPartitions: fc.integer({ min: 1, max: 2_000 }),
    more: fc.nat({ max: 6_000 }),
  })
  .map(({ more, ...most }) => ({ ...most, bytes: most.bytesOverPartitions + more }));
const bytesOf = (batch: readonly TestRow[]): number =>
  batch.reduce((sum, { stored }) => sum + stored, 0);
const partitionsOf = (batch: readonly TestRow[]): number =>
  new Set(batch.map(({ partition }) => partition)).size;

test('every row goes in one batch, in its order, and the batches are in the order of their first rows', () => {
  fc.assert(
    fc.property(rows, limits, (given, most) => {
      const batches = rowBatches(given, most, null);
      const rising = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
      deepStrictEqual(rising(batches.flat()), [...given.rows.keys()]);
      for (const batch of batches) deepStrictEqual(batch, rising(batch));
      deepStrictEqual(
        batches.map(([first = -1]) => first),
        rising(batches.map(([first = -1]) => first)),
      );
    }),
  );
});

test('no batch holds more than the limits say, but for a row that alone is more', () => {
  fc.assert(
    fc.property(rows, limits, (given, most) => {
      for (const places of rowBatches(given, most, null)) {
        const batch = places.map((place) => given.at(place));
        if (batch.length === 1) continue;
        const partitions = partitionsOf(batch);
        ok(batch.length <= most.rows);
        ok(partitions <= most.partitions);
        ok(bytesOf(batch) <= (partitions === 1 ? most.bytes : most.bytesOverPartitions));
      }
    }),
  );
});

test('rows of one partition are not spread over more batches than they need', () => {
  const many = new TestRows(
    Array.from({ length: 90 }, (_, n) => ({ partition: n % 3, stored: 100 })),
  );
  const most = { rows: 100, partitions: 10, bytesOverPartitions: 500, bytes: 10_000 };
  deepStrictEqual(
    rowBatches(many, most, null).map(({ length }) => length),
    [30, 30, 30],
  );
});

test('rows that the same nodes have go together, in no more batches than else', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 400 }), fc.constantFrom('a', 'b', 'c'))),
      (given) => {
        const routed = given.map(([partition, nodes]) => ({
          partition: partition * 3 + 'abc'.indexOf(nodes),
          stored: 100,
          nodes,
        }));
        const nodesOf = (place: number): string => routed[place]?.nodes ?? '';
        const most = { rows: 10, partitions: 10, bytesOverPartitions: 1_000, bytes: 1_000 };
        const batches = rowBatches(new TestRows(routed), most, nodesOf);
        const mixed = batches.filter((batch) => new Set(batch.map(nodesOf)).size > 1);
        // At most where the rows of one set end and those of the next begin.
        ok(mixed.length <= 2);
      },
    ),
  );
});

const cassandra = { contactPoints: ['cassandra-1.example.org'] };
const notSet = { batchPartitions: null, batchKibibytes: null };
const limitsOf = (...given: Parameters<typeof batchLimits>) => {
  const { partitions, bytesOverPartitions, bytes } = batchLimits(...given);
  return { partitions, bytesOverPartitions, bytes };
};

test('a batch holds 10 partitions and 5 KiB where nodes do not tell what they take, and 48 KiB of one partition', () => {
  deepStrictEqual(limitsOf({ ...cassandra, ...notSet }), {
    partitions: 10,
    bytesOverPartitions: 5 * 1_024,
    bytes: 48 * 1_024,
  });
});

test('a batch holds what the nodes take without a warning, up to 100 partitions and a MiB', () => {
  deepStrictEqual(limitsOf({ ...cassandra, ...notSet }, { partitions: 30, bytes: 40_960 }), {
    partitions: 30,
    bytesOverPartitions: 40_960,
    bytes: 48 * 1_024,
  });
  deepStrictEqual(limitsOf({ ...cassandra, ...notSet }, { partitions: 10_000, bytes: 2 ** 30 }), {
    partitions: 100,
    bytesOverPartitions: 2 ** 20,
    bytes: 2 ** 20,
  });
});

test('a batch limit that is set wins over what the nodes take', () => {
  const set = { batchPartitions: 20, batchKibibytes: 8 };
  deepStrictEqual(limitsOf({ ...cassandra, ...set }, { partitions: 50, bytes: 100_000 }), {
    partitions: 20,
    bytesOverPartitions: 8_192,
    bytes: 48 * 1_024,
  });
});

test('a batch for Amazon Keyspaces holds thirty rows, whatever is set', () => {
  const contactPoints = ['cassandra.eu-west-1.amazonaws.com:9142'];
  const { rows } = batchLimits({ contactPoints, batchPartitions: 50, batchKibibytes: 40 });
  deepStrictEqual(rows, 30);
});
