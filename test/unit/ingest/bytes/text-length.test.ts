import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import {
  behindLength,
  lengthBytes,
  textLength,
  writeLength,
} from '../../../../functions/ingest/bytes/text-length.ts';

const long = avro.Type.forSchema('long');

/** Lengths that four bytes hold, and those where one byte more begins. */
const lengths = fc.oneof(
  fc.nat(2 ** 27 - 1),
  fc.constantFrom(0, 63, 64, 2 ** 13 - 1, 2 ** 13, 2 ** 20 - 1, 2 ** 20, 2 ** 27 - 1),
);

test('the length before a text is written as avsc writes it, and read as it was, behind other bytes', () => {
  fc.assert(
    fc.property(lengths, fc.nat(9), (length, at) => {
      const into = Buffer.alloc(at + lengthBytes(length) + 1, 0xff);
      strictEqual(writeLength(into, at, length), at + lengthBytes(length));
      deepStrictEqual(into.subarray(at, -1), long.toBuffer(length));
      strictEqual(into.at(-1), 0xff);
      strictEqual(textLength(into, at), length);
      strictEqual(behindLength(into, at), at + lengthBytes(length));
    }),
  );
});

test('a length in more bytes than it needs is read, and what is behind it is found', () => {
  const padded = Buffer.of(0x86, 0x80, 0x80, 0x00, 0x61);
  strictEqual(textLength(padded, 0), 3);
  strictEqual(behindLength(padded, 0), 4);
});
