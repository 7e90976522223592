import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { longOf } from '../../../functions/ingest/avro/schema/strict-tap.ts';
import { avroWriter } from '../../../schema/avro-bytes.ts';

const writer = avroWriter({
  type: 'record',
  name: 'Counted',
  fields: [{ name: 'count', type: 'long', default: 7 }],
});
/** The count, as the function reads it. */
const written = (count: number | bigint): bigint => longOf(writer.bytes({ count }));

// avsc doubles a negative number and takes one away, which a double cannot hold below -2^52: -4503599627370497 became 4503599627370496.
test('each long of 64 bits is written as it is, given as a number or a bigint', () => {
  const edges = [52n, 53n, 62n].flatMap((bits) => [2n ** bits, 2n ** bits + 1n]);
  const long = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(0n, 2n ** 63n - 1n, -(2n ** 63n), ...edges, ...edges.map((edge) => -edge)),
  );
  fc.assert(
    fc.property(long, (count) => {
      strictEqual(written(count), count);
      if (Number.isSafeInteger(Number(count))) strictEqual(written(Number(count)), count);
    }),
  );
});

test('a long is written in the bytes of avsc, where avsc can write it', () => {
  const plain = avro.Type.forSchema('long');
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (count) => {
      deepStrictEqual(writer.bytes({ count }), plain.toBuffer(count));
    }),
  );
});

test('a long that is left out has the schema’s default', () => {
  strictEqual(longOf(writer.bytes({})), 7n);
});

test('a number that is no long, and a long of more than 64 bits, are refused', () => {
  for (const count of [1.5, 2 ** 53, Number.NaN, 2n ** 63n, '1'])
    throws(() => writer.bytes({ count }), /invalid "long"|serialize a BigInt/);
});
