import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectedOf } from '../../../../local/world/expected.ts';
import { encode, type Fields, fields } from '../../../support/avro.ts';

/** Its reason, or `event`. */
const said = (value: Buffer | null): string => {
  const expected = expectedOf(value);
  return 'reason' in expected ? expected.reason : 'event';
};

test('any event is read as it was encoded', () => {
  fc.assert(
    fc.property(
      fc.record({
        user_id: fc.uuid(),
        event_type: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        event_time: fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
        event_id: fc.uuid(),
        metadata: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
      }),
      (given: Fields) => {
        const metadata = new Map(Object.entries(given.metadata));
        deepStrictEqual(expectedOf(encode(given)), { event: { ...given, metadata } });
      },
    ),
  );
});

/** An event of any long, encoded exactly: in place of the one byte of a zero. */
const atTime = (time: bigint): Buffer => {
  const zero = encode({ event_time: 0 });
  const at = zero.indexOf('click') + 'click'.length;
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, (time << 1n) ^ (time >> 63n));
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.concat([
    zero.subarray(0, at),
    Buffer.of(...bytes, Number(left)),
    zero.subarray(at + 1),
  ]);
};

test('any time of the years 1 to 9999 is read exactly, and no other long is an event', () => {
  const [first, last] = [-62_135_596_800_000n, 253_402_300_799_999n];
  fc.assert(
    fc.property(
      fc.oneof(fc.bigInt(first, last), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
      (time) => {
        const valid = time >= first && time <= last;
        deepStrictEqual(
          expectedOf(atTime(time)),
          valid
            ? { event: { ...fields({ event_time: Number(time) }), metadata: new Map() } }
            : { reason: 'invalid_event_time' },
        );
      },
    ),
  );
});

test('nothing shorter than an event is one, and nothing longer', () => {
  const whole = encode({ metadata: { a: '1' } });
  const shorter = Array.from(whole.keys(), (length) => said(whole.subarray(0, length)));
  deepStrictEqual([...new Set(shorter)], ['undecodable']);
  deepStrictEqual(said(Buffer.concat([whole, Buffer.of(0)])), 'undecodable');
});

test('a block of metadata that says its length in bytes is read as well', () => {
  const plain = encode({ metadata: { a: '1' } });
  // One entry of four bytes: count −1, length 4, the entry, the end.
  const entry = plain.subarray(-5, -1);
  const value = Buffer.concat([plain.subarray(0, -6), Buffer.of(1, 8), entry, Buffer.of(0)]);
  deepStrictEqual(expectedOf(value), { event: { ...fields(), metadata: new Map([['a', '1']]) } });
});

const notUtf8 = encode({ event_type: 'click' });
notUtf8[notUtf8.indexOf('click')] = 0xff;

const entries = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '']));

for (const [what, value, expected] of [
  ['no value', null, 'tombstone'],
  ['an empty value', Buffer.alloc(0), 'undecodable'],
  ['a text that is no UTF-8', notUtf8, 'undecodable'],
  ['a text with a replacement character', encode({ event_type: '\ufffd' }), 'event'],
  ['a length below zero', Buffer.of(1), 'undecodable'],
  ['a length beyond the end', Buffer.of(0xfe, 0xff, 0xff, 0xff, 0x0f), 'undecodable'],
  ['a number of eleven bytes', Buffer.alloc(20, 0xff), 'undecodable'],
  ['a user_id without dashes', encode({ user_id: '1'.repeat(32) }), 'invalid_uuid'],
  ['an event_id that is no uuid', encode({ event_id: 'none' }), 'invalid_uuid'],
  ['an upper-case uuid', encode({ user_id: 'ABCDEF00-0000-4000-8000-000000000000' }), 'event'],
  ['no event_type', encode({ event_type: '' }), 'invalid_event_type'],
  ['an event_type of 800 bytes', encode({ event_type: 'ξ'.repeat(400) }), 'event'],
  ['an event_type of 802 bytes', encode({ event_type: 'ξ'.repeat(401) }), 'invalid_event_type'],
  ['the last time there is', encode({ event_time: 253_402_300_799_999 }), 'event'],
  ['a time after the last', encode({ event_time: 253_402_300_800_000 }), 'invalid_event_time'],
  ['the first time there is', atTime(-62_135_596_800_000n), 'event'],
  ['a time before the first', atTime(-62_135_596_800_001n), 'invalid_event_time'],
  ['65,535 entries of metadata', encode({ metadata: entries(65_535) }), 'event'],
  ['65,536 entries of metadata', encode({ metadata: entries(65_536) }), 'invalid_metadata'],
  [
    'several faults: user_id comes first',
    encode({ user_id: '', event_type: '', event_time: 9e15 }),
    'invalid_uuid',
  ],
  [
    'several faults: event_type comes before event_time',
    encode({ event_type: '', event_time: 9e15, event_id: '' }),
    'invalid_event_type',
  ],
  [
    'several faults: event_time comes before event_id',
    encode({ event_time: 9e15, event_id: '' }),
    'invalid_event_time',
  ],
] as const)
  test(`${what}: ${expected}`, () => {
    deepStrictEqual(said(value), expected);
  });
