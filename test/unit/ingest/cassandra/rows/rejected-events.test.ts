import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rejectedEventValues } from '../../../../../functions/ingest/cassandra/rows/rejected-events.ts';
import { record } from '../../../../support/records.ts';

const rejection = {
  kind: 'rejected',
  reason: 'tombstone',
  detail: 'the record has no value',
} as const;
const firstDay = -719_162;
const lastDay = 2_932_896;

/** The columns of a row that hold times, and the detail. */
const rowOf = (timestamp: number) => {
  const values = rejectedEventValues(record({ timestamp }), rejection, 0, 0);
  const [, day, , , , detail, , , recordTimestamp] = values;
  return {
    day: (day?.readUInt32BE() ?? 0) - 2 ** 31,
    detail: detail?.toString(),
    timestamp: recordTimestamp == null ? null : Number(recordTimestamp.readBigInt64BE()),
  };
};

test('a record timestamp of the years 1 to 9999 is a rejected row’s timestamp and day', () => {
  const { detail } = rejection;
  for (const [timestamp, day] of [
    [1_700_000_000_000, 19_675],
    [0, 0],
    [-1, -1],
    [-62_135_596_800_000, firstDay],
    [253_402_300_799_999, lastDay],
  ] as const)
    deepStrictEqual(rowOf(timestamp), { day, detail, timestamp });
});

test('a record timestamp that not every driver reads is none in its rejected row, which tells it and has the nearest day', () => {
  for (const [timestamp, day] of [
    [1_700_000_000_000_000, lastDay],
    [253_402_300_800_000, lastDay],
    [9.3e18, lastDay],
    [-62_135_596_800_001, firstDay],
    [-9.3e18, firstDay],
    [Number.POSITIVE_INFINITY, lastDay],
  ] as const)
    deepStrictEqual(rowOf(timestamp), {
      day,
      detail: `the record has no value; the record’s timestamp, ${timestamp} ms, is outside the years 1 to 9999`,
      timestamp: null,
    });
});

test('no time of a rejected row is one that a driver cannot read, and a redelivery finds the same row', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double({ noNaN: true }), fc.maxSafeInteger()), (timestamp) => {
      const { day, timestamp: stored } = rowOf(timestamp);
      ok(day >= firstDay && day <= lastDay);
      ok(stored === null || (stored >= -62_135_596_800_000 && stored <= 253_402_300_799_999));
      strictEqual(rowOf(timestamp).day, day);
    }),
  );
});
