import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { types } from 'cassandra-driver';
import fc from 'fast-check';
import * as cql from '../../../../../functions/ingest/cassandra/rows/cql.ts';
import { driverEncoder } from '../../../../support/driver-encoder.ts';

const { dataTypes } = types;
const byDriver = (value: unknown, code: number, info?: unknown): Buffer =>
  driverEncoder.encode(value, { code, info });

const text = fc.string({ unit: 'binary' });

test('texts, uuids, numbers and times have the bytes that the driver gives them', () => {
  fc.assert(
    fc.property(text, fc.uuid(), fc.integer(), fc.date({ noInvalidDate: true }), (t, u, n, d) => {
      deepStrictEqual(cql.text(t), byDriver(t, dataTypes.text));
      deepStrictEqual(cql.uuid(u), byDriver(types.Uuid.fromString(u), dataTypes.uuid));
      deepStrictEqual(cql.int(n), byDriver(n, dataTypes.int));
      deepStrictEqual(cql.bigint(n), byDriver(types.Long.fromNumber(n), dataTypes.bigint));
      deepStrictEqual(cql.timestamp(d.getTime()), byDriver(d, dataTypes.timestamp));
    }),
  );
});

test('any number is the nearest of 64 bits, towards zero', () => {
  const numbers = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ noNaN: true, min: -(2 ** 64), max: 2 ** 64 }),
    fc.constantFrom(2 ** 63, -(2 ** 63), 2 ** 63 - 1024, 2 ** 32, -(2 ** 32), -1, -0.5, 0),
  );
  fc.assert(
    fc.property(numbers, (number) => {
      const [lowest, highest] = [-(2n ** 63n), 2n ** 63n - 1n];
      const whole = BigInt(Math.trunc(number));
      const nearest = whole > highest ? highest : whole < lowest ? lowest : whole;
      deepStrictEqual(cql.bigint(number).readBigInt64BE(), nearest);
    }),
  );
});

test('a date has the driver’s bytes for the UTC day', () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000, max: 100_000 }), (days) => {
      const day = new Date(days * 86_400_000).toISOString().slice(0, 10);
      if (/^\d{4}-/.test(day)) deepStrictEqual(cql.date(days), byDriver(day, dataTypes.date));
    }),
  );
});

test('a map has the driver’s bytes, whatever its keys and values', () => {
  fc.assert(
    fc.property(fc.dictionary(text, text), (map) => {
      const entries = Object.entries(map);
      deepStrictEqual(
        cql.map(new Map(entries)),
        byDriver(Object.fromEntries(entries), dataTypes.map, [
          { code: dataTypes.text },
          { code: dataTypes.text },
        ]),
      );
    }),
  );
});

test('an empty map is a map of 0 entries, not null', () => {
  deepStrictEqual(cql.map(new Map()), Buffer.from([0, 0, 0, 0]));
});

test('a tuple and a list of them have their lengths, and −1 for null', () => {
  const one = cql.tuple([cql.text('a'), null]);
  deepStrictEqual(one, Buffer.from([0, 0, 0, 1, 97, 255, 255, 255, 255]));
  deepStrictEqual(cql.list([one]), Buffer.concat([cql.int(1), cql.int(9), one]));
});

test('a timestamp that JSON rounded up beyond 64 bits becomes the largest', () => {
  strictEqual(cql.timestamp(2 ** 63).readBigInt64BE(), 2n ** 63n - 1n);
  strictEqual(cql.timestamp(-(2 ** 64)).readBigInt64BE(), -(2n ** 63n));
  strictEqual(cql.timestamp(Number.POSITIVE_INFINITY).readBigInt64BE(), 2n ** 63n - 1n);
});

test('a day that a date has no place for becomes the first or the last', () => {
  strictEqual(cql.date(2 ** 40).readUInt32BE(), 2 ** 32 - 1);
  strictEqual(cql.date(-(2 ** 40)).readUInt32BE(), 0);
});

test('an hour is one byte', () => {
  deepStrictEqual([...cql.tinyint(23)], [23]);
});
