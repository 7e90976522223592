import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compositeKey } from '../../../../../functions/ingest/cassandra/rows/composite-key.ts';
import { rejectedEventValues } from '../../../../../functions/ingest/cassandra/rows/rejected-events.ts';
import {
  RejectedRows,
  rejectedRows,
} from '../../../../../functions/ingest/cassandra/rows/rejected-rows.ts';
import { rejected } from '../../../../../functions/ingest/event/rejection.ts';
import { record } from '../../../../support/records.ts';

const rejection = rejected('tombstone', 'the record has no value');
const now = 1_700_000_000_000;
const day = 86_400_000;

/** The rows of records, which live for ten minutes. */
const rowsOf = (...given: Parameters<typeof record>[0][]): RejectedRows =>
  rejectedRows(
    given.map((one) => ({ record: record({ value: null, ...one }), rejection })),
    now,
    600,
  );
const ttlOf = (rows: RejectedRows, index: number): number | undefined =>
  rows.values(index).at(-1)?.readInt32BE();

test('each rejected record is a row of the values that an INSERT takes for it', () => {
  const rows = rowsOf({ offset: 1 }, { offset: 2, key: Buffer.from('key') });
  const first = rejectedEventValues(record({ value: null, offset: 1 }), rejection, now, 600);
  deepStrictEqual(rows.values(0), first);
  deepStrictEqual([rows.count, rows.columns], [2, first.length]);
  deepStrictEqual(rows.values(1)[9], Buffer.from('key'));
});

test('no rejected records are no rows, of no columns', () => {
  const rows = rowsOf();
  deepStrictEqual([rows.count, rows.columns, rows.values(0)], [0, 0, []]);
});

const bytes = fc.option(fc.uint8Array({ maxLength: 30 }).map((array) => Buffer.from(array)));

test('a row is written as its values, each after its length, in as many bytes as are told before', () => {
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 3 }), fc.nat(9), (values, start) => {
      const rows = new RejectedRows([[], values]);
      const into = Buffer.alloc(start + rows.requestBytes(1) + 1, 0x5a);
      rows.encode(1, into, start);
      const expected = values.map((value) => {
        const length = Buffer.alloc(4);
        length.writeInt32BE(value === null ? -1 : value.length);
        return Buffer.concat([length, value ?? Buffer.alloc(0)]);
      });
      deepStrictEqual(
        into,
        Buffer.concat([Buffer.alloc(start, 0x5a), ...expected, Buffer.of(0x5a)]),
      );
      ok(rows.mutationBytes(1) > rows.requestBytes(1));
    }),
  );
});

test('all rows expire after the seconds that they are given later, and 0 keeps them', () => {
  const rows = rowsOf({ offset: 1 }, { offset: 2 });
  deepStrictEqual([ttlOf(rows, 0), ttlOf(rows, 1)], [600, 600]);
  rows.expireAfter(60);
  deepStrictEqual([ttlOf(rows, 0), ttlOf(rows, 1)], [60, 60]);
  rows.expireAfter(0);
  deepStrictEqual([ttlOf(rows, 0), ttlOf(rows, 1)], [0, 0]);
});

test('two rows are of one partition where topic, day and partition are the same, and then have one key and one hash', () => {
  const place = fc.record({
    topic: fc.constantFrom('events', 'views'),
    partition: fc.nat(1),
    timestamp: fc.constantFrom(now, now + 1, now + day),
    offset: fc.nat(3),
  });
  const dayOf = (timestamp: number): number => Math.floor(timestamp / day);
  fc.assert(
    fc.property(place, place, (one, other) => {
      const rows = rowsOf(one, other);
      const isSame =
        one.topic === other.topic &&
        one.partition === other.partition &&
        dayOf(one.timestamp) === dayOf(other.timestamp);
      strictEqual(rows.samePartition(0, 1), isSame);
      strictEqual(rows.routingKey(0).equals(rows.routingKey(1)), isSame);
      if (isSame) strictEqual(rows.partitionHash(0), rows.partitionHash(1));
    }),
  );
});

test('rows of two days, and of two partitions, have two hashes', () => {
  const rows = rowsOf({}, { timestamp: now + day }, { partition: 1 });
  notStrictEqual(rows.partitionHash(0), rows.partitionHash(1));
  notStrictEqual(rows.partitionHash(0), rows.partitionHash(2));
});

test('the key by which a row is routed is that of its topic, day and partition', () => {
  const rows = rowsOf({ partition: 7 });
  const columns = rows.values(0).slice(0, 3) as Buffer[];
  deepStrictEqual(columns[0], Buffer.from('events'));
  deepStrictEqual(columns[2], Buffer.of(0, 0, 0, 7));
  deepStrictEqual(rows.routingKey(0), compositeKey(columns));
});
