import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { bytesOfValue, writeValue } from '../../../../functions/ingest/bytes/write-value.ts';
import * as cql from '../../../../functions/ingest/cassandra/rows/cql.ts';
import { type Kind, kinds } from '../../../../functions/ingest/event/kinds.ts';
import type { FieldValue } from '../../../../functions/ingest/event/user-event.ts';
import { valuesOf } from '../../../support/kinds.ts';

/** What each slot and each byte is before a value is written. */
const untouched = 0x5a;
/** Where a test has values written: a slot, and a place in the buffer. */
const slot = 2;
const at = 7;

/** Writes a value between slots and bytes that are not its own: its length, its numbers and its bytes. */
const written = (kind: Kind, value: FieldValue) => {
  const size = bytesOfValue(kind, value);
  const slots = new Int32Array(slot + 9).fill(untouched);
  const into = Buffer.alloc(at + size + 1, untouched);
  const end = writeValue(kind, value, { slots, slot, into, at });
  strictEqual(end, at + size);
  deepStrictEqual([...into.subarray(0, at), into[end]], Array(at + 1).fill(untouched));
  const [one, other, length, ...numbers] = slots;
  deepStrictEqual([one, other], [untouched, untouched]);
  return { length, numbers, bytes: into.subarray(at, end) };
};

/** What must be written: its numbers are followed by slots that are untouched. */
const expected = (length: number, numbers: readonly number[], bytes: Buffer = Buffer.alloc(0)) => ({
  length,
  numbers: Array.from({ length: 8 }, (_, index) => numbers[index] ?? untouched),
  bytes,
});
const words = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readInt32BE(4 * index));
const eight = (write: (bytes: Buffer) => void) => {
  const bytes = Buffer.alloc(8);
  write(bytes);
  return expected(8, words(bytes));
};
const bytesAt = (bytes: Buffer) => expected(bytes.length, [at], bytes);
const string = avro.Type.forSchema('string');

const expectedOf: { readonly [K in Kind]: (value: never) => ReturnType<typeof expected> } = {
  uuid: (value: string) => expected(16, words(cql.uuid(value))),
  text: (value: string) => bytesAt(Buffer.from(value)),
  time: (value: number) => eight((bytes) => bytes.writeBigInt64BE(BigInt(value))),
  map: (value: ReadonlyMap<string, string>) =>
    expected(
      cql.map(value).length,
      [at, value.size],
      Buffer.concat([...value].flat().map((text) => string.toBuffer(text))),
    ),
  bigint: (value: bigint) => eight((bytes) => bytes.writeBigInt64BE(value)),
  int: (value: number) => expected(4, [value]),
  boolean: (value: boolean) => expected(1, [value ? 1 : 0]),
  double: (value: number) => eight((bytes) => bytes.writeDoubleBE(value)),
  blob: (value: Buffer) => bytesAt(value),
};

for (const kind of Object.keys(kinds) as Kind[])
  test(`a value of kind ${kind} is written as its length in a request, its numbers and its bytes, and touches nothing beside them`, () => {
    fc.assert(
      fc.property(valuesOf[kind], (value) => {
        deepStrictEqual(written(kind, value), expectedOf[kind](value as never));
      }),
    );
  });

test('null is a length of −1, without numbers and bytes, whatever its kind', () => {
  for (const kind of Object.keys(kinds) as Kind[])
    deepStrictEqual(written(kind, null), expected(-1, []));
});

test('keys and values of a map whose lengths take two and three bytes are written whole', () => {
  const value = new Map([
    ['k'.repeat(64), 'ä'.repeat(5_000)],
    ['', ''],
  ]);
  deepStrictEqual(written('map', value), expectedOf.map(value as never));
});
