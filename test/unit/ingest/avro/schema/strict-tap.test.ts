import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import utils from 'avsc/lib/utils.js';
import fc from 'fast-check';
import { DecodeFailure } from '../../../../../functions/ingest/avro/decode-failure.ts';
import { longOf, StrictTap } from '../../../../../functions/ingest/avro/schema/strict-tap.ts';

/** The fault of what must be refused. */
const faultOf = (read: () => unknown): string => {
  try {
    read();
  } catch (fault) {
    ok(fault instanceof DecodeFailure, String(fault));
    return fault.message;
  }
  return 'none';
};
const tapOf = (...bytes: readonly number[]): StrictTap => new StrictTap(Buffer.from(bytes));

/** The bytes of a long of 64 bits, by shifts of its own. */
const zigzag = (value: bigint): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.of(...bytes, Number(rest));
};

/** What avsc reads from its own tap, and from a strict one over the same bytes. */
const both = (schema: string, value: unknown) => {
  const type = avro.Type.forSchema(schema as avro.Schema);
  const bytes = type.toBuffer(value);
  const tap = new StrictTap(bytes);
  const read = (type as unknown as { _read(from: StrictTap): unknown })._read(tap);
  return { alone: type.fromBuffer(bytes), read, at: tap.pos, length: bytes.length };
};

test('values of every type that avsc reads rightly are read the same, to the last byte', () => {
  const values: readonly (readonly [string, fc.Arbitrary<unknown>])[] = [
    ['boolean', fc.boolean()],
    ['int', fc.integer()],
    ['long', fc.integer({ min: -(2 ** 52), max: 2 ** 52 })],
    ['float', fc.float({ noNaN: true })],
    ['double', fc.double({ noNaN: true })],
    ['string', fc.string({ unit: 'binary', maxLength: 100 })],
    ['bytes', fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes))],
  ];
  for (const [schema, arbitrary] of values)
    fc.assert(
      fc.property(arbitrary, (value) => {
        const { alone, read, at, length } = both(schema, value);
        deepStrictEqual(read, alone, schema);
        strictEqual(at, length, schema);
      }),
    );
});

test('a long of 64 bits is read to its last digit as a bigint, and as the nearest number', () => {
  const longs = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(0n, -1n, -(2n ** 52n) - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)),
  );
  fc.assert(
    fc.property(longs, (value) => {
      const bytes = zigzag(value);
      strictEqual(longOf(bytes), value);
      strictEqual(new StrictTap(bytes).readLong(), Number(value));
      const tap = new StrictTap(bytes);
      tap.skipLong();
      strictEqual(tap.pos, bytes.length);
    }),
  );
});

test('every read past the end is refused, and so is a position that would go back', () => {
  const end = 'truncated buffer';
  strictEqual(
    faultOf(() => tapOf().readBoolean()),
    end,
  );
  strictEqual(
    faultOf(() => tapOf(0x80, 0x80).readLong()),
    end,
  );
  strictEqual(
    faultOf(() => tapOf(0x80).skipLong()),
    end,
  );
  strictEqual(
    faultOf(() => tapOf(4, 0x61).readString()),
    end,
  );
  strictEqual(
    faultOf(() => tapOf(4, 0x61).skipString()),
    end,
  );
  strictEqual(
    faultOf(() => {
      tapOf(1, 2).pos = 3;
    }),
    end,
  );
  const tap = tapOf(1, 2, 3);
  tap.pos = 2;
  for (const back of [1, -1, Number.NaN])
    strictEqual(
      faultOf(() => {
        tap.pos = back;
      }),
      'a length is negative',
    );
  strictEqual(tap.pos, 2);
});

test('a length below zero is refused, where a text is read and where it is passed over', () => {
  for (const read of [
    (tap: StrictTap) => tap.readString(),
    (tap: StrictTap) => tap.skipString(),
    (tap: StrictTap) => (avro.Type.forSchema('bytes') as never as Reading)._read(tap),
    (tap: StrictTap) => (avro.Type.forSchema('bytes') as never as Reading)._skip(tap),
  ])
    strictEqual(
      faultOf(() => read(tapOf(1, 0x61))),
      'a length is negative',
    );
});

/** What avsc's declarations leave out of a type. */
interface Reading {
  _read(tap: StrictTap): unknown;
  _skip(tap: StrictTap): void;
}

test('a number of more than 64 bits is refused, and one in more than ten bytes whatever it is', () => {
  const nine = Array<number>(9).fill(0x80);
  strictEqual(tapOf(...nine, 1).readLong(), 2 ** 62);
  for (const read of [
    (tap: StrictTap) => tap.readLong(),
    (tap: StrictTap) => tap.skipLong(),
    (tap: StrictTap) => tap.readInt(),
    (tap: StrictTap) => tap.skipInt(),
  ]) {
    strictEqual(
      faultOf(() => read(tapOf(...nine, 2))),
      'a number has more than 64 bits',
    );
    strictEqual(
      faultOf(() => read(tapOf(...nine, 0x80, 0))),
      'a number has more than 10 bytes',
    );
  }
});

test('an int of more than 32 bits, a boolean of 2 and a text that is not UTF-8 are refused, which avsc takes', () => {
  const large = zigzag(2n ** 31n);
  const alone = new utils.Tap(large);
  strictEqual(alone.readInt(), 2 ** 31);
  strictEqual(
    faultOf(() => new StrictTap(large).readInt()),
    'an int has more than 32 bits',
  );
  strictEqual(
    faultOf(() => tapOf(2).readBoolean()),
    'a boolean is neither 0 nor 1',
  );
  strictEqual(
    faultOf(() => tapOf(4, 0xc3, 0x28).readString()),
    'a string is not UTF-8',
  );
  strictEqual(tapOf(6, 0xef, 0xbf, 0xbd).readString(), '\uFFFD');
});

test('a block is gone through whose entries its bytes can hold, with its size and without', () => {
  const texts = (...bytes: readonly number[]): readonly string[] => {
    const found: string[] = [];
    const tap = tapOf(...bytes);
    tap.forEachEntry(1, () => found.push(tap.readString()));
    strictEqual(tap.pos, bytes.length);
    return found;
  };
  deepStrictEqual(texts(0), []);
  deepStrictEqual(texts(4, 2, 0x61, 2, 0x62, 0), ['a', 'b']);
  deepStrictEqual(texts(3, 8, 2, 0x61, 2, 0x62, 2, 2, 0x63, 0), ['a', 'b', 'c']);
  for (const count of [5n, -4n, 2n ** 62n, -(2n ** 63n)])
    strictEqual(
      faultOf(() => texts(...zigzag(count), 2, 2, 0x61, 0)),
      'a block has more entries than bytes',
    );
});

test('entries without bytes are not counted through, however many there are', () => {
  const bytes = Buffer.concat([zigzag(2n ** 62n), Buffer.of(0)]);
  const tap = new StrictTap(bytes);
  tap.forEachEntry(0, null);
  strictEqual(tap.pos, bytes.length);
});
