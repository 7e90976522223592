import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import avro from 'avsc';
import fc from 'fast-check';
import { expectedBy } from '../../../../cli/verify/rules/expected.ts';
import { earliestTime, latestTime } from '../../../../functions/ingest/event/readable-time.ts';
import type { Rejection } from '../../../../functions/ingest/event/rejection.ts';
import type { UserEvent } from '../../../../functions/ingest/event/user-event.ts';
import { type Fields, fields, userId } from '../../../support/avro.ts';
import { asFields, decoderWith, decodeUnscanned, toEvent } from '../../../support/events.ts';
import {
  encodeFive as encode,
  fiveFields,
  fiveLayout,
  fiveTable,
  fiveWriter,
  valuesOfFive,
} from '../../../support/five-fields.ts';
import { isRejection } from '../../../support/rejections.ts';
import { recordWithin, within } from '../../../support/within.ts';

const decoder = decoderWith({ layout: fiveLayout });

/** What a bare value is read as: by a scan or not, the same. */
const readValue = (value: Buffer): UserEvent | Rejection => {
  const read = decoder.decode(recordWithin(value));
  ok(read.kind !== 'missing-schema');
  const unscanned = toEvent(decodeUnscanned(within(value), fiveWriter), fiveLayout);
  if (!isRejection(read)) deepStrictEqual(asFields(unscanned), asFields(read));
  else if (isRejection(unscanned)) strictEqual(unscanned.reason, read.reason);
  else ok(false, 'what is rejected is an event to the decoder of all values');
  return unscanned;
};
const readFields = (given: Partial<Fields>) => readValue(encode(given));
/** `reason: detail` of a value that must be rejected. */
const rejected = (value: Buffer): string => {
  const result = readValue(value);
  ok(isRejection(result));
  return `${result.reason}: ${result.detail}`;
};
const accepted = (given: Partial<Fields>): UserEvent => {
  const result = readFields(given);
  ok(!isRejection(result), JSON.stringify(result));
  return result;
};
const metadataOf = (event: UserEvent) => event.get('metadata') as ReadonlyMap<string, string>;

test('an event is read field by field', () => {
  const metadata = { page: '/', '': '' };
  deepStrictEqual(accepted({ metadata }).toObject(), valuesOfFive({ metadata }));
});

test('a missing byte and a byte too many are undecodable', () => {
  const value = encode({ metadata: { a: 'b' } });
  for (let length = 0; length < value.length; length += 1)
    ok(rejected(value.subarray(0, length)).startsWith('undecodable'), `${length} bytes`);
  strictEqual(
    rejected(Buffer.concat([value, Buffer.of(0)])),
    `undecodable: the value (${value.length + 1} bytes) is not one Avro UserEvent: trailing data`,
  );
});

/** Reads the bytes by hand, without any decoder. */
const readByHand = expectedBy({}, { schema: fiveFields, table: fiveTable() });

/** Holds what is read against what is read by hand: the same event, or the same reason. @returns the reason, or `event`. */
const isReadAsByHand = (value: Buffer): string => {
  const [read, byHand] = [readValue(value), readByHand(value)];
  if (isRejection(read)) {
    strictEqual(read.reason, 'reason' in byHand ? byHand.reason : 'event');
    return read.reason;
  }
  ok('event' in byHand, 'an event is read, and none by hand');
  const { user_id, event_id, ...others } = byHand.event;
  deepStrictEqual(read.toObject(), {
    ...others,
    user_id: String(user_id).toLowerCase(),
    event_id: String(event_id).toLowerCase(),
  });
  return 'event';
};

test('any bytes become the event, or are rejected for the reason, that is found by hand', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      isReadAsByHand(Buffer.from(bytes));
    }),
    { numRuns: 2000 },
  );
});

test('an event’s bytes with any change become the event, or are rejected for the reason, that is found by hand', () => {
  const became = new Set<string>();
  const value = encode({ metadata: { page: '/home', referrer: 'https://example.org' } });
  const changes = fc.array(fc.tuple(fc.nat(value.length - 1), fc.nat(255)), { minLength: 1 });
  fc.assert(
    fc.property(changes, (mutations) => {
      const changed = Buffer.from(value);
      for (const [index, byte] of mutations) changed[index] = byte;
      became.add(isReadAsByHand(changed));
    }),
    // The seed stands still, so that each reason is met in every run.
    { numRuns: 5000, seed: 1 },
  );
  deepStrictEqual([...became].sort(), ['event', 'invalid_uuid', 'undecodable']);
});

test('every event that avsc encodes is read as it was', () => {
  const text = fc.string({ unit: 'grapheme' });
  const times = fc.integer({ min: earliestTime, max: latestTime });
  fc.assert(
    fc.property(fc.dictionary(text, text), times, (metadata, event_time) => {
      const event = accepted({ metadata, event_time });
      deepStrictEqual(metadataOf(event), new Map(Object.entries(metadata)));
      strictEqual(event.eventTime, event_time);
    }),
  );
});

test('a map block that claims more entries than bytes is undecodable at once: avsc alone would loop for hours', () => {
  const head = encode();
  const long = avro.Type.forSchema('long');
  for (const count of [2 ** 40, 2 ** 52, 3])
    strictEqual(
      rejected(Buffer.concat([head.subarray(0, -1), long.toBuffer(count)]))
        .split(': ')
        .at(-1),
      'a block has more entries than bytes',
    );
});

test('a map in several blocks, with their sizes, is one map; of a key that comes twice the last value counts', () => {
  const head = encode().subarray(0, -1);
  const entry = (key: string, value: string) =>
    Buffer.concat([key, value].map((part) => avro.Type.forSchema('string').toBuffer(part)));
  const block = Buffer.concat([entry('a', '1'), entry('b', '2')]);
  const sized = Buffer.concat([Buffer.of(3, block.length * 2), block]); // −2 entries, then the size in bytes
  const plain = Buffer.concat([Buffer.of(2), entry('a', '3')]);
  const event = readValue(Buffer.concat([head, sized, plain, Buffer.of(0)]));
  ok(!isRejection(event));
  deepStrictEqual(
    [...metadataOf(event)],
    [
      ['a', '3'],
      ['b', '2'],
    ],
  );
});

test('metadata keys of objects’ own machinery are keys like any other', () => {
  const pairs = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'].map(
    (key): [string, string] => [key, 'x'],
  );
  const type = avro.Type.forSchema(fiveFields as unknown as avro.Schema);
  const metadata = Object.create(null);
  for (const [key, value] of pairs)
    Object.defineProperty(metadata, key, { value, enumerable: true });
  const event = readValue(type.toBuffer({ ...fields(), metadata }));
  ok(!isRejection(event));
  deepStrictEqual([...metadataOf(event)], pairs);
});

test('bytes that are not UTF-8 are undecodable, in every field; the replacement character itself is a character', () => {
  strictEqual(accepted({ event_type: 'a\uFFFDb' }).get('event_type'), 'a\uFFFDb');
  for (const given of [{ event_type: 'XY' }, { metadata: { XY: '' } }, { metadata: { a: 'XY' } }])
    for (const bad of [
      [0x80, 0x41],
      [0xc3, 0x28],
      [0xff, 0xff],
    ]) {
      const value = encode(given);
      Buffer.from(bad).copy(value, value.indexOf('XY'));
      strictEqual(rejected(value).split(': ').at(-1), 'a string is not UTF-8');
    }
});

test('a surrogate in UTF-8 is undecodable', () => {
  const value = encode({ event_type: 'XYZ' });
  Buffer.of(0xed, 0xa0, 0x80).copy(value, value.indexOf('XYZ'));
  ok(rejected(value).endsWith('not UTF-8'));
});

test('NUL and characters of four bytes are text', () => {
  strictEqual(accepted({ event_type: 'a\0b' }).get('event_type'), 'a\0b');
  strictEqual(accepted({ event_type: '🦊' }).get('event_type'), '🦊');
});

test('a uuid in upper case is the same uuid', () => {
  const upper = 'ABCDEFAB-1111-4111-8111-ABCDEFABCDEF';
  strictEqual(accepted({ user_id: upper }).get('user_id'), upper.toLowerCase());
  strictEqual(accepted({ event_id: upper }).get('event_id'), upper.toLowerCase());
});

test('a uuid without dashes, too short, too long or with other characters is rejected, without repeating it', () => {
  for (const wrong of [
    userId.replaceAll('-', ''),
    userId.slice(1),
    `${userId}0`,
    `${userId}\n`,
    `{${userId}}`,
    'g'.repeat(36),
    '',
  ])
    for (const field of ['user_id', 'event_id'])
      strictEqual(
        rejected(encode({ [field]: wrong })),
        `invalid_uuid: ${field} must be a uuid, 8-4-4-4-12 hexadecimal digits (has ${wrong.length} characters)`,
      );
});

test('an event_type that is empty or longer than 800 bytes of UTF-8 is rejected', () => {
  strictEqual(rejected(encode({ event_type: '' })), 'invalid_event_type: event_type is empty');
  strictEqual(accepted({ event_type: 'ë'.repeat(400) }).get('event_type'), 'ë'.repeat(400));
  strictEqual(
    rejected(encode({ event_type: `${'ë'.repeat(400)}x` })),
    'invalid_event_type: event_type must have at most 800 bytes of UTF-8 (has 801)',
  );
});

test('metadata of more than 65,535 entries is rejected, for the database takes too long over it', () => {
  const entries = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '']));
  strictEqual(metadataOf(accepted({ metadata: entries(65_535) })).size, 65_535);
  strictEqual(
    rejected(encode({ metadata: entries(65_536) })),
    'invalid_metadata: metadata must have at most 65535 entries (has 65536)',
  );
});

/** An event whose event_time is this very 64-bit long; avsc's encoder loses digits beyond 2^52. */
const atTime = (time: bigint): Buffer => {
  const bytes: number[] = [];
  let zigzag = BigInt.asUintN(64, (time << 1n) ^ (time >> 63n));
  for (; zigzag >= 0x80n; zigzag >>= 7n) bytes.push(Number(zigzag & 0x7fn) | 0x80);
  bytes.push(Number(zigzag));
  const value = encode({ event_time: 0 });
  const at = value.indexOf('click') + 'click'.length;
  return Buffer.concat([value.subarray(0, at), Buffer.from(bytes), value.subarray(at + 1)]);
};

test('an event_time of 0, a negative one, and the first and the last that every driver reads are valid, to the digit', () => {
  for (const time of [0, -1, -62_135_596_800_000, 253_402_300_799_999]) {
    const event = readValue(atTime(BigInt(time)));
    ok(!isRejection(event));
    strictEqual(event.eventTime, time);
    strictEqual(event.get('event_time'), time);
  }
});

test('avsc alone reads an event_time before −2^52 as one after the epoch', () => {
  const plain = avro.Type.forSchema(fiveFields as unknown as avro.Schema).fromBuffer(
    atTime(-(2n ** 52n) - 1n),
  );
  ok(plain.event_time > 0);
});

const range =
  'invalid_event_time: event_time must be from 0001-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z';

test('an event_time that not every driver reads is rejected, also where 53 bits do not hold it', () => {
  const past = [BigInt(earliestTime) - 1n, -8_640_000_000_000_000n, -(2n ** 63n)];
  const future = [BigInt(latestTime) + 1n, 8_640_000_000_000_000n, 2n ** 53n, 2n ** 63n - 1n];
  for (const time of [...past, ...future]) strictEqual(rejected(atTime(time)), range);
});

test('an event_time in microseconds or nanoseconds is rejected with the unit that it may count, and not repeated', () => {
  for (const [time, hint] of [
    [
      1_700_000_000_000_000n,
      'it may count microseconds: the field needs the logical type timestamp-micros, or the producer must send milliseconds',
    ],
    [
      1_700_000_000_000_000_000n,
      'it may count nanoseconds: the field needs the logical type timestamp-nanos, or the producer must send milliseconds',
    ],
  ] as const)
    strictEqual(rejected(atTime(time)), `${range}; ${hint}`);
});

test('a time, a length and a count in more than ten bytes are undecodable, also where they would be small', () => {
  const pad = (byte: number, length: number): Buffer =>
    Buffer.concat([Buffer.of(byte | 0x80), Buffer.alloc(length - 2, 0x80), Buffer.of(0)]);
  const value = encode({ event_time: 0, metadata: { a: 'b' } });
  const time = value.indexOf('click') + 'click'.length;
  const count = value.length - '\x02\x02a\x02b\0'.length;
  for (const at of [0, time, count, count + 1, count + 3]) {
    const padded = (length: number): Buffer =>
      Buffer.concat([
        value.subarray(0, at),
        pad(value[at] as number, length),
        value.subarray(at + 1),
      ]);
    ok(!isRejection(readValue(padded(10))), `at ${at}`);
    ok(rejected(padded(11)).endsWith('a number has more than 10 bytes'), `at ${at}`);
  }
});

test('a number whose ten bytes hold more than 64 bits is undecodable', () => {
  const value = encode({ event_time: 0 });
  const at = value.indexOf('click') + 'click'.length;
  const tooLarge = Buffer.concat([Buffer.alloc(9, 0x80), Buffer.of(2)]);
  const bytes = Buffer.concat([value.subarray(0, at), tooLarge, value.subarray(at + 1)]);
  ok(rejected(bytes).endsWith('a number has more than 64 bits'));
});

test('metadata of 10,000 entries and of 900 kB are read whole', () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key${n}`, `${n}`]));
  strictEqual(metadataOf(accepted({ metadata: many })).size, 10_000);
  strictEqual(
    metadataOf(accepted({ metadata: { a: 'x'.repeat(900_000) } })).get('a')?.length,
    900_000,
  );
});

const jsonOf = (event: object): Buffer => Buffer.from(JSON.stringify(event));

test('under auto, a value is JSON where it begins with {, and bare Avro beside it is read as before', () => {
  const auto = decoderWith({ wireFormat: 'auto', layout: fiveLayout });
  const metadata = { a: 'b' };
  for (const value of [encode({ metadata }), jsonOf(fields({ metadata })), encode({ metadata })]) {
    const read = auto.decode(recordWithin(value));
    ok(read.kind === 'event');
    deepStrictEqual(read.toObject(), valuesOfFive({ metadata }));
  }
  const broken = auto.decode(recordWithin(Buffer.from('{\0')));
  ok(isRejection(broken) && /looks like JSON, and breaks at byte 1: /.test(broken.detail));
});

test('under json a bare value is undecodable, and under bare JSON is', () => {
  const event = fields();
  for (const [wireFormat, read, unread] of [
    ['json', jsonOf(event), encode()],
    ['bare', encode(), jsonOf(event)],
  ] as const) {
    const by = decoderWith({ wireFormat, layout: fiveLayout });
    strictEqual(by.decode(recordWithin(read)).kind, 'event');
    const rejection = by.decode(recordWithin(unread));
    ok(isRejection(rejection) && rejection.reason === 'undecodable');
  }
});

test('JSON that the event source mapping has made keeps its own rules beside plain JSON', () => {
  const auto = decoderWith({ wireFormat: 'auto', layout: fiveLayout });
  const value = jsonOf({ ...fields(), added: 1 });
  const validatedBy = { dataFormat: 'JSON', schemaId: '1' };
  strictEqual(auto.decode({ value, headers: [], validatedBy }).kind, 'event');
  const plain = auto.decode({ value, headers: [] });
  ok(isRejection(plain) && /a key that is no field of an event, at byte \d+$/.test(plain.detail));
});
