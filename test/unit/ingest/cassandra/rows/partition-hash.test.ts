import { notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partitionHash } from '../../../../../functions/ingest/cassandra/rows/partition-hash.ts';

type Numbers = Parameters<typeof partitionHash>;

const numbers = fc.tuple(fc.integer(), fc.integer(), fc.integer(), fc.integer(), fc.integer());

test('five numbers have one hash, which is a whole number of 32 bits', () => {
  fc.assert(
    fc.property(numbers, (given) => {
      const hash = partitionHash(...given);
      strictEqual(hash, hash | 0);
      strictEqual(partitionHash(...given), hash);
    }),
  );
});

/** One bit or more of a number. */
const bits = fc.oneof(
  fc.nat(31).map((bit) => 1 << bit),
  fc.integer().filter((number) => number !== 0),
);

test('two partitions that differ in one of the five numbers have two hashes', () => {
  fc.assert(
    fc.property(numbers, fc.nat(4), bits, (given, place, changed) => {
      const others = given.with(place, (given[place] as number) ^ changed) as Numbers;
      notStrictEqual(partitionHash(...others), partitionHash(...given));
    }),
  );
});

test('numbers that have one hash in one process have two in another, so that nobody outside can choose them', async () => {
  const path = '../../../../../functions/ingest/cassandra/rows/partition-hash.ts';
  const other = (await import(`${path}?of-another-process`)) as {
    partitionHash: typeof partitionHash;
  };
  const given: Numbers[] = Array.from({ length: 100 }, (_, n) => [n, n + 1, n + 2, n + 3, n + 4]);
  ok(given.some((five) => other.partitionHash(...five) !== partitionHash(...five)));
});
