import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import {
  createRecordReader,
  type ReadableRecord,
  type Reading,
  type RecordReader,
  type SchemaAnswer,
} from '../../../../../cli/verify/rules/record-reader.ts';
import type { WireFormat } from '../../../../../cli/verify/rules/unframe.ts';
import { earliestTime, latestTime } from '../../../../../functions/ingest/event/readable-time.ts';
import { encode, eventValues, type Fields, fields } from '../../../../support/avro.ts';
import { foreignValues } from '../../../../support/foreign.ts';
import { isRejection } from '../../../../support/rejections.ts';
import {
  confluent,
  decoderOf,
  encodeBy,
  readBy,
  writerSchema,
} from '../../../../support/writers.ts';

const readerOf = (wireFormat: WireFormat = 'auto', given = {}): RecordReader =>
  createRecordReader({
    wireFormat,
    earliestEventTime: earliestTime,
    latestEventTime: latestTime,
    bare: [],
    ...given,
  });

const record = (value: Buffer | null, headers: ReadableRecord['headers'] = []) => ({
  value,
  headers,
});

/** Reads a record, with one answer to every question for a schema. */
const readWith = (answer: SchemaAnswer, given: ReadableRecord, reader = readerOf()): Reading => {
  const first = reader.read(given);
  if (!('schema' in first)) return first;
  reader.learn(first.schema, answer);
  const again = reader.read(given);
  ok(!('schema' in again));
  return again;
};

const found = (schema: unknown, ...references: readonly object[]): SchemaAnswer => ({
  kind: 'found',
  text: JSON.stringify(schema),
  references: references.map((one) => JSON.stringify(one)),
});

/** What a reading says: the event, or the reason; null where it cannot tell. */
const said = (reading: Reading): unknown =>
  reading.kind === 'event' ? reading.event : reading.kind === 'broken' ? reading.reason : null;

const golden = foreignValues(
  readFileSync(join(import.meta.dirname, '../../../../foreign/golden.jsonl'), 'utf8'),
);
for (const { case: name, encoder, wire, schema, value, headers, expected } of golden)
  test(`${name}, encoded by ${encoder}, ${wire ?? 'no wire format'}, is read by the rules as it was meant`, () => {
    const bytes = Buffer.from(value, 'base64');
    const reading = readWith(
      found(schema),
      record(
        wire === null ? confluent(1, bytes) : bytes,
        headers.map(([header, base64]) => ({ name: header, value: Buffer.from(base64, 'base64') })),
      ),
    );
    deepStrictEqual(
      said(reading),
      // Whether a type that no event has can be read is not judged here.
      expected === 'incompatible_schema' && reading.kind === 'unjudged'
        ? null
        : typeof expected === 'string'
          ? expected
          : eventValues(expected as Fields),
    );
  });

/** Schemas of writers, by what is particular about them; and values for what differs from an ordinary event. */
const writers: Readonly<Record<string, readonly [schema: object, given: object]>> = {
  'more fields of every type': [
    writerSchema({
      none: 'null',
      flag: 'boolean',
      count: 'int',
      ratio: 'double',
      score: 'float',
      note: ['null', 'string'],
      colour: { type: 'enum', name: 'Colour', symbols: ['RED', 'GREEN'] },
      hash: { type: 'fixed', name: 'Hash', size: 3 },
      tags: { type: 'array', items: 'string' },
      weights: { type: 'map', values: 'double' },
      device: {
        type: 'record',
        name: 'Device',
        fields: [
          { name: 'colour', type: 'Colour' },
          { name: 'parts', type: { type: 'array', items: ['null', 'Device'] } },
        ],
      },
    }),
    {
      none: null,
      flag: true,
      count: 7,
      ratio: 0.5,
      score: 0.5,
      note: 'n',
      colour: 'GREEN',
      hash: Buffer.from('abc'),
      tags: ['a', 'b'],
      weights: { a: 1 },
      device: { colour: 'RED', parts: [null, { colour: 'RED', parts: [] }] },
    },
  ],
  'a time in microseconds': [
    writerSchema({ event_time: { type: 'long', logicalType: 'timestamp-micros' } }),
    { event_time: -1_500 },
  ],
  'a time in nanoseconds': [
    writerSchema({ event_time: { type: 'long', logicalType: 'timestamp-nanos' } }),
    { event_time: 1_500_000 },
  ],
  'a time as a bare int': [writerSchema({ event_time: 'int' }), { event_time: 1_000 }],
  'no metadata': [writerSchema({ metadata: null }), {}],
  'metadata that are null': [
    writerSchema({ metadata: ['null', { type: 'map', values: 'string' }] }),
    { metadata: null },
  ],
  'a type that is null': [writerSchema({ event_type: ['null', 'string'] }), { event_type: null }],
  'a type as bytes': [writerSchema({ event_type: 'bytes' }), { event_type: Buffer.from('ξ') }],
  'ids of sixteen bytes': [
    writerSchema({ user_id: { type: 'fixed', name: 'Id', size: 16, logicalType: 'uuid' } }),
    { user_id: Buffer.alloc(16, 7) },
  ],
  'another record': [{ ...writerSchema(), name: 'Order' }, {}],
  'a field that is missing': [writerSchema({ user_id: null }), {}],
  'another namespace': [{ ...writerSchema(), namespace: 'org.example' }, {}],
};

for (const [name, [schema, given]] of Object.entries(writers))
  test(`values of a writer with ${name} are read as the function reads them, whole or broken`, async () => {
    const decoder = decoderOf({ 7: schema });
    const reader = readerOf();
    const whole = encodeBy(schema, { ...fields(), ...given });
    const broken = fc.oneof(
      fc.constant(whole),
      fc.nat(whole.length).map((length) => whole.subarray(0, length)),
      fc.tuple(fc.nat(whole.length - 1), fc.nat(255)).map(([at, byte]) => {
        const changed = Buffer.from(whole);
        changed[at] = byte;
        return changed;
      }),
      fc.nat(3).map((more) => Buffer.concat([whole, Buffer.alloc(more)])),
    );
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        const one = record(confluent(7, bytes));
        const function_ = await readBy(decoder, one);
        const reading = readWith(found(schema), one, reader);
        notStrictEqual(reading.kind, 'unjudged');
        deepStrictEqual(
          lower(said(reading)),
          isRejection(function_) ? function_.reason : { ...function_ },
        );
      }),
      { numRuns: 300 },
    );
  });

/** The function writes uuids in small letters. */
const lower = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : Object.fromEntries(
        Object.entries(value).map(([name, one]) => [
          name,
          name.endsWith('_id') ? String(one).toLowerCase() : one,
        ]),
      );

test('a schema that stands in a referenced schema is found by its name', () => {
  const metadata = {
    type: 'record',
    name: 'Device',
    namespace: 'a',
    fields: [{ name: 'os', type: 'string' }],
  };
  const schema = { ...writerSchema({ device: 'a.Device' }) };
  const bytes = Buffer.concat([encode(), Buffer.from('0278', 'hex')]);
  const reading = readWith(found(schema, metadata), record(confluent(7, bytes)));
  deepStrictEqual(said(reading), eventValues());
});

const unjudged: Readonly<Record<string, unknown>> = {
  'is no JSON': undefined,
  'names a type that it does not have': writerSchema({ more: 'Nothing' }),
  'is a union of records': [writerSchema(), { ...writerSchema(), name: 'Other' }],
  'has an enum where an event has a text': writerSchema({
    event_type: { type: 'enum', name: 'Type', symbols: ['A'] },
  }),
  'has a date where an event has a time': writerSchema({
    event_time: { type: 'int', logicalType: 'date' },
  }),
};
for (const [name, schema] of Object.entries(unjudged))
  test(`what becomes of a value cannot be told where its schema ${name}`, () => {
    const answer: SchemaAnswer =
      schema === undefined ? { kind: 'found', text: '{', references: [] } : found(schema);
    deepStrictEqual(readWith(answer, record(confluent(7, encode()))), {
      kind: 'unjudged',
      why: 'notUnderstood',
    });
  });

test('a value with a count of items that take no byte is not counted through', () => {
  const schema = writerSchema({ nothings: { type: 'array', items: 'null' } });
  const bytes = Buffer.concat([encode(), Buffer.from('feffffffffffffff7f00', 'hex')]);
  strictEqual(readWith(found(schema), record(confluent(7, bytes))).kind, 'unjudged');
});

test('an answer of the registry decides about values without a schema', () => {
  const one = record(confluent(7, encode()));
  const answers: readonly (readonly [SchemaAnswer, Reading])[] = [
    [
      { kind: 'unknown', isFinal: true },
      { kind: 'broken', reason: 'unknown_schema' },
    ],
    [
      { kind: 'unknown', isFinal: false },
      { kind: 'unjudged', why: 'schemaGone' },
    ],
    [{ kind: 'not avro' }, { kind: 'broken', reason: 'incompatible_schema' }],
    [
      { kind: 'unread', detail: 'the registry does not answer' },
      { kind: 'unjudged', why: 'schemaUnread', detail: 'the registry does not answer' },
    ],
  ];
  for (const [answer, reading] of answers) deepStrictEqual(readWith(answer, one), reading);
});

const id = Buffer.from('0000000007', 'hex');
const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const uuidText = '00112233-4455-6677-8899-aabbccddeeff';
const glue = (compression: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.of(3, compression), uuid, bytes]);
const beginnings: readonly (readonly [
  name: string,
  format: WireFormat,
  value: Buffer,
  read: unknown,
  headers?: ReadableRecord['headers'],
])[] = [
  ['an id of four bytes', 'auto', Buffer.concat([id, encode()]), { schema: 7 }],
  [
    'a uuid of sixteen bytes',
    'confluent',
    Buffer.concat([Buffer.of(1), uuid, encode()]),
    { schema: uuidText },
  ],
  ['Glue’s header', 'auto', glue(0, encode()), { schema: uuidText }],
  ['Glue’s header, compressed', 'glue', glue(5, deflateSync(encode())), { schema: uuidText }],
  ['Glue’s header with an unknown compression', 'glue', glue(9, encode()), 'undecodable'],
  ['Glue’s header before what cannot be inflated', 'glue', glue(5, encode()), 'undecodable'],
  [
    'Glue’s header before compressed bytes and more',
    'glue',
    glue(5, Buffer.concat([deflateSync(encode()), Buffer.of(0)])),
    'undecodable',
  ],
  [
    'Glue’s header before what grows a thousandfold',
    'glue',
    glue(5, deflateSync(Buffer.alloc(1_000_000))),
    'undecodable',
  ],
  ['a truncated id', 'auto', id.subarray(0, 4), 'undecodable'],
  ['a truncated uuid', 'auto', Buffer.concat([Buffer.of(1), uuid]).subarray(0, 16), 'undecodable'],
  ['a truncated header of Glue', 'auto', glue(0, Buffer.alloc(0)).subarray(0, 17), 'undecodable'],
  ['no header', 'confluent', encode(), 'undecodable'],
  ['no header', 'glue', encode(), 'undecodable'],
  ['no brace', 'json', encode(), 'undecodable'],
  ['a brace', 'bare', Buffer.from('{}'), 'undecodable'],
  [
    'the id in a header of the record',
    'auto',
    encode(),
    { schema: uuidText },
    [
      { name: '__value_schema_id', value: Buffer.of(9) },
      { name: '__value_schema_id', value: Buffer.concat([Buffer.of(1), uuid]) },
    ],
  ],
  [
    'a wrong id in a header of the record',
    'auto',
    encode(),
    'undecodable',
    [{ name: '__value_schema_id', value: null }],
  ],
];
for (const [name, format, value, expected, headers = []] of beginnings)
  test(`a value with ${name}, under WIRE_FORMAT=${format}, is ${JSON.stringify(expected)}`, () => {
    const read = readerOf(format).read(record(value, headers));
    deepStrictEqual('schema' in read ? read : said(read), expected);
  });

test('a record without a value is a tombstone, and a time that the settings do not allow is invalid', () => {
  deepStrictEqual(readerOf().read(record(null)), { kind: 'broken', reason: 'tombstone' });
  const narrow = readerOf('auto', { earliestEventTime: 1_000, latestEventTime: 2_000 });
  for (const [time, kind] of [
    [999, 'broken'],
    [1_000, 'event'],
    [2_000, 'event'],
    [2_001, 'broken'],
  ] as const) {
    const read = narrow.read(record(encode({ event_time: time })));
    ok('kind' in read);
    strictEqual(read.kind, kind, `${time}`);
  }
});
