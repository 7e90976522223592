import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { expectedBy, expectedOf } from '../../../../../cli/verify/rules/expected.ts';
import published from '../../../../../schema/user-event.avsc.json' with { type: 'json' };
import { encode, eventValues, type Fields, fields } from '../../../../support/avro.ts';
import { confluent, encodeBy } from '../../../../support/writers.ts';

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
        deepStrictEqual(expectedOf(encode(given)), { event: eventValues(given) });
      },
    ),
  );
});

/** A long as Avro writes it. */
const varint = (long: bigint): Buffer => {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, (long << 1n) ^ (long >> 63n));
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.of(...bytes, Number(left));
};

/** An event of any long, encoded exactly: in place of the bytes of another time. */
const atTime = (time: bigint): Buffer => {
  const other = 1_234_567_890_123;
  const event = encode({ event_time: other });
  const bytes = varint(BigInt(other));
  const at = event.indexOf(bytes);
  return Buffer.concat([event.subarray(0, at), varint(time), event.subarray(at + bytes.length)]);
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
            ? { event: eventValues({ event_time: Number(time) }) }
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
  // One entry of four bytes: in place of its count, 1, come −1 and the length 4.
  const at = plain.indexOf(Buffer.of(2, 2, 'a'.charCodeAt(0), 2, '1'.charCodeAt(0), 0));
  const value = Buffer.concat([plain.subarray(0, at), Buffer.of(1, 8), plain.subarray(at + 1)]);
  deepStrictEqual(expectedOf(value), { event: eventValues({ metadata: { a: '1' } }) });
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

/** The published schema before it had metadata, which has a default. */
const before = {
  ...published,
  fields: published.fields.filter(({ name }) => name !== 'metadata'),
};
const earlier = encodeBy(before, fields());
const whole = { event: eventValues() };

test('a bare value of an older layout is an event where the layout is listed, and else is none', () => {
  deepStrictEqual(expectedBy({ bare: [before] })(earlier), whole);
  deepStrictEqual(expectedBy({})(earlier), { reason: 'undecodable' });
});

test('a value behind Confluent’s header is read by the schema of its id, where that is listed', () => {
  const listed = expectedBy({ 7: before, 8: published });
  deepStrictEqual(listed(confluent(7, earlier)), whole);
  deepStrictEqual(listed(confluent(8, encode())), whole);
  deepStrictEqual(listed(confluent(9, earlier)), { reason: 'undecodable' });
});

test('a schema of types that are not made here can be listed, and changes nothing', () => {
  const fixed = { type: 'fixed', name: 'Id', size: 16 };
  const strange = { ...published, fields: [{ name: 'user_id', type: fixed }] };
  deepStrictEqual(expectedBy({ 7: strange, bare: [strange] })(encode()), whole);
});
