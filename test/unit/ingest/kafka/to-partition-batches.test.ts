import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toBatchResponse } from '../../../../functions/ingest/kafka/to-batch-response.ts';
import { toPartitionBatches } from '../../../../functions/ingest/kafka/to-partition-batches.ts';
import { decode } from '../../../../functions/ingest/pipeline/decoder.ts';
import { NotAKafkaEventError } from '../../../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../../../functions/ingest/pipeline/kafka-record.ts';
import { encode } from '../../../support/avro.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { plain } from '../../../support/records.ts';
import { decoderOf } from '../../../support/writers.ts';

const item = (given: object = {}): object => ({
  topic: 'events',
  partition: 0,
  offset: 15,
  timestamp: 1_545_084_650_987,
  timestampType: 'CREATE_TIME',
  headers: [],
  ...given,
});
const event = (records: unknown, eventSource = 'aws:kafka'): object => ({ eventSource, records });
const only = (given: object) =>
  toPartitionBatches(event({ 'events-0': [item(given)] }))[0]?.records[0];

test('an MSK and a self-managed event are read alike', () => {
  const records = { 'events-0': [item({ key: 'aw==', value: 'dg==' })] };
  const expected = [
    {
      identifier: 'events-0',
      topic: 'events',
      partition: 0,
      records: [
        {
          topic: 'events',
          partition: 0,
          offset: 15,
          timestamp: 1_545_084_650_987,
          key: Buffer.from('k'),
          value: Buffer.from('v'),
          headers: [],
        },
      ],
    },
  ];
  for (const source of ['aws:kafka', 'SelfManagedKafka']) {
    const read = toPartitionBatches(event(records, source));
    deepStrictEqual(
      read.map((batch) => ({ ...batch, records: batch.records.map(plain) })),
      expected,
    );
  }
});

test('a key or value that is absent or null is null; an empty one is empty', () => {
  deepStrictEqual([only({})?.key, only({})?.value], [null, null]);
  deepStrictEqual([only({ key: null })?.key, only({ value: null })?.value], [null, null]);
  deepStrictEqual(only({ value: '' })?.value, Buffer.alloc(0));
});

test('each record of a batch has its own key and value, or none', () => {
  const bytes = fc.option(fc.uint8Array().map((array) => Buffer.from(array)));
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes), { minLength: 1 }), (pairs) => {
      const items = pairs.map(([key, value], offset) =>
        item({ offset, key: key?.toString('base64'), value: value?.toString('base64') ?? null }),
      );
      const [batch] = toPartitionBatches(event({ 'events-0': items }));
      deepStrictEqual(
        batch?.records.map(({ key, value }) => [key, value]),
        pairs,
      );
    }),
  );
});

test('any bytes survive as key, value and header', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (value, header) => {
      const signed = [...new Int8Array(header)];
      const read = only({
        key: Buffer.from(value).toString('base64'),
        value: Buffer.from(value).toString('base64'),
        headers: [{ h: signed }],
      });
      deepStrictEqual(read?.key, Buffer.from(value));
      deepStrictEqual(read?.value, Buffer.from(value));
      deepStrictEqual(read?.headers, [{ name: 'h', value: Buffer.from(header) }]);
    }),
  );
});

test('header bytes are signed, as Java sends them: ë is −61, −85', () => {
  deepStrictEqual(only({ headers: [{ name: [-61, -85] }] })?.headers, [
    { name: 'name', value: Buffer.from('ë') },
  ]);
});

test('headers keep their order and their duplicates; one without a value has none', () => {
  deepStrictEqual(only({ headers: [{ a: [1] }, { b: null }, { a: [2] }] })?.headers, [
    { name: 'a', value: Buffer.of(1) },
    { name: 'b', value: null },
    { name: 'a', value: Buffer.of(2) },
  ]);
});

test('a topic with dashes is taken from the record, not from the key it came under', () => {
  const records = { 'a-b-1-2': [item({ topic: 'a-b-1', partition: 2 })] };
  const [read] = toPartitionBatches(event(records));
  deepStrictEqual([read?.identifier, read?.topic, read?.partition], ['a-b-1-2', 'a-b-1', 2]);
});

test('offsets may have gaps', () => {
  const records = { 'events-0': [item({ offset: 1 }), item({ offset: 5 }), item({ offset: 900 })] };
  deepStrictEqual(
    toPartitionBatches(event(records))[0]?.records.map(({ offset }) => offset),
    [1, 5, 900],
  );
});

test('a batch without records, or a partition without, is empty', () => {
  deepStrictEqual(toPartitionBatches(event({})), []);
  deepStrictEqual(toPartitionBatches(event({ 'events-0': [] })), []);
});

test('a timestamp that JSON had to round is read', () => {
  const huge = JSON.parse('9223372036854775807');
  strictEqual(only({ timestamp: huge })?.timestamp, huge);
});

for (const [what, given, message] of [
  ['nothing', undefined, /not a Kafka event: eventSource must be aws:kafka or SelfManagedKafka/],
  ['null', null, /eventSource/],
  ['a text', 'hello', /eventSource/],
  ['an SQS event', { Records: [{ eventSource: 'aws:sqs' }] }, /eventSource/],
  ['no records', { eventSource: 'aws:kafka' }, /records must be an object of arrays/],
  ['a list of records', event([]), /records must be an object of arrays \(given an array\)/],
  ['a partition that is no list', event({ 'events-0': {} }), /\["events-0"\] must be an array/],
  ['a record that is none', event({ 'events-0': [1] }), /\["events-0"\]\[0\] must be an object/],
  [
    'no topic',
    event({ 'e-0': [item({ topic: undefined })] }),
    /\[0\]\.topic must be the name of a/,
  ],
  [
    'a topic that Kafka has none of',
    event({ 'e-0': [item({ topic: 'a b' })] }),
    /topic must be the name of a Kafka topic \(given string\)/,
  ],
  [
    'a partition that no int holds',
    event({ 'e-0': [item({ partition: 2 ** 31 })] }),
    /partition must be .*given 2147483648/,
  ],
  [
    'a text as partition',
    event({ 'e-0': [item({ partition: '0' })] }),
    /partition must be a whole/,
  ],
  ['half an offset', event({ 'e-0': [item({ offset: 1.5 })] }), /offset must be .*given 1\.5/],
  ['a negative offset', event({ 'e-0': [item({ offset: -1 })] }), /offset must be .*given -1/],
  [
    'a key that is no partition',
    event({ 'a b': [] }),
    /each key of records must be a topic, a dash and a partition \(given 3 characters\)/,
  ],
  [
    'one topic-partition under two keys',
    event({ 'events-0': [item()], other: [item({ offset: 16 })] }),
    /records must be one array for each topic-partition \(given two of events-0\)/,
  ],
  [
    'two topic-partitions under one key',
    event({ 'events-0': [item(), item({ partition: 1, offset: 16 })] }),
    /records of one topic-partition \(events-0\)/,
  ],
  [
    'falling offsets',
    event({ 'events-0': [item({ offset: 2 }), item({ offset: 2 })] }),
    /rising offset order/,
  ],
] as const)
  test(`an event with ${what} fails with a sentence, so that it is not swallowed`, () => {
    throws(
      () => toPartitionBatches(given),
      (error) => error instanceof NotAKafkaEventError && message.test(error.message),
    );
  });

const metadata = { dataFormat: 'AVRO', schemaId: '42' };
for (const [what, given, detail] of [
  ['a timestamp that is a text', { timestamp: '1' }, 'timestamp must be a number (given string)'],
  [
    'a value that is an object',
    { value: {} },
    'value must be base64 text, null or absent (given object)',
  ],
  [
    'a key that is a number',
    { key: 4711 },
    'key must be base64 text, null or absent (given number)',
  ],
  ['a value of which Node would read other bytes', { value: 'd g==' }, 'value is not base64'],
  ...[[256], [-129], [1.5], ['1'], [null], [[[1]]], [{ valueOf: 1, toString: 1 }]].map(
    (bytes) =>
      [
        `the header bytes ${JSON.stringify(bytes)}`,
        { headers: [{ a: bytes }] },
        'headers[0] must be an array of bytes (given array)',
      ] as const,
  ),
  ['headers that are no list', { headers: {} }, 'headers must be an array (given object)'],
  ['a header that is a number', { headers: [1] }, 'headers[0] must be an object (given number)'],
  [
    'half a surrogate pair in a header’s name',
    { headers: [{ '\ud800': [1] }] },
    'each name of headers[0] must be Unicode (given half a surrogate pair)',
  ],
  [
    'schema metadata without a schema id',
    { valueSchemaMetadata: { dataFormat: 'AVRO' } },
    'valueSchemaMetadata.schemaId must be a text (given undefined)',
  ],
  [
    'schema metadata whose schema id is a number',
    { valueSchemaMetadata: { ...metadata, schemaId: 42 } },
    'valueSchemaMetadata.schemaId must be a text (given number)',
  ],
  [
    'schema metadata whose schema id is null',
    { valueSchemaMetadata: { ...metadata, schemaId: null } },
    'valueSchemaMetadata.schemaId must be a text (given null)',
  ],
  [
    'schema metadata without a data format',
    { valueSchemaMetadata: { schemaId: '42' } },
    'valueSchemaMetadata.dataFormat must be a text (given undefined)',
  ],
  ...(['AVRO', 7, [metadata], true] as const).map(
    (given) =>
      [
        `${JSON.stringify(given)} for schema metadata`,
        { valueSchemaMetadata: given },
        `valueSchemaMetadata must be an object, null or absent (given ${Array.isArray(given) ? 'array' : typeof given})`,
      ] as const,
  ),
] as const)
  test(`a record with ${what} is malformed, and the records around it are read`, () => {
    const good = { key: 'aw==', value: 'dg==' };
    const records = [
      item(good),
      item({ ...good, offset: 16, ...given }),
      item({ ...good, offset: 17 }),
    ];
    const [batch] = toPartitionBatches(event({ 'events-0': records }));
    deepStrictEqual(
      batch?.records.map(({ offset, malformed }) => [offset, malformed]),
      [
        [15, undefined],
        [
          16,
          `the record is malformed in the Kafka event: ${detail.replace('given array', 'given an array')}`,
        ],
        [17, undefined],
      ],
    );
    for (const place of [0, 2]) deepStrictEqual(batch?.records[place]?.value, Buffer.from('v'));
    const read = decode(batch?.records[1] as KafkaRecord, decoderOf({}));
    deepStrictEqual(read, {
      kind: 'rejected',
      reason: 'undecodable',
      detail: batch?.records[1]?.malformed,
    });
  });

test('all that is wrong with a record is told at once, and what of it could be read is kept', () => {
  const record = only({ key: 'aw==', value: 'd g', headers: 7, timestamp: false });
  strictEqual(
    record?.malformed,
    'the record is malformed in the Kafka event: timestamp must be a number (given boolean); ' +
      'value is not base64; headers must be an array (given number)',
  );
  deepStrictEqual(
    [record?.key, record?.value, record?.headers, record?.timestamp],
    [Buffer.from('k'), Buffer.from('d g'), [], -1],
  );
});

test('a malformed record is rejected with its position, and the response names no record', async () => {
  const [batch] = toPartitionBatches(
    event({
      'events-0': [
        item({ value: encode().toString('base64') }),
        item({ offset: 16, value: encode().toString('base64'), valueSchemaMetadata: {} }),
        item({ offset: 17, value: null, valueSchemaMetadata: {} }),
        item({ offset: 18, value: encode({ event_type: 'scroll' }).toString('base64') }),
      ],
    }),
  );
  const stores = new MemoryStores();
  const results = await ingestWith(stores)(batch === undefined ? [] : [batch]);
  deepStrictEqual(
    results[0]?.outcomes.map((outcome) => ('reason' in outcome ? outcome.reason : outcome.kind)),
    ['written', 'undecodable', 'tombstone', 'written'],
  );
  deepStrictEqual(toBatchResponse(results).batchItemFailures, []);
});

test('a record without a value is a tombstone, whatever its schema metadata is', () => {
  for (const valueSchemaMetadata of [{}, { dataFormat: 'AVRO' }, 7, null, metadata])
    for (const value of [undefined, null])
      strictEqual(only({ value, valueSchemaMetadata })?.malformed, undefined);
});

test('attributes of a record that are not read may be anything', () => {
  for (const anything of [null, 7, [], {}, 'x', { schemaId: 1 }])
    strictEqual(
      only({ value: 'dg==', timestampType: anything, keySchemaMetadata: anything, more: anything })
        ?.malformed,
      undefined,
    );
});

test('a timestamp that is null or absent is none', () => {
  strictEqual(only({ timestamp: null })?.timestamp, -1);
  strictEqual(only({ timestamp: undefined })?.timestamp, -1);
});

test('header bytes nested past the stack are told, and end nothing', () => {
  const deep = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
  ok(only({ headers: [{ a: [deep] }] })?.malformed?.includes('array of bytes'));
});

test('keys of objects’ own machinery are names like any other, and change no object', () => {
  const text = JSON.stringify(event({ KEY: [item({ headers: [{ KEY: [1] }] })] }));
  const [batch] = toPartitionBatches(JSON.parse(text.replaceAll('KEY', '__proto__')));
  deepStrictEqual(batch?.identifier, '__proto__');
  deepStrictEqual(batch?.records[0].headers, [{ name: '__proto__', value: Buffer.of(1) }]);
  const fields = JSON.parse(
    '{"__proto__":{"topic":"events","partition":0,"offset":1,"timestamp":1}}',
  );
  throws(() => toPartitionBatches(event({ 'events-0': [fields] })), /topic must be/);
  strictEqual(Object.hasOwn(Object.prototype, 'topic'), false);
});

test('the sentence does not repeat contents', () => {
  const record = only({ value: ['secret'], key: 's ecret', headers: [{ secret: ['secret'] }] });
  ok(record?.malformed !== undefined && !record.malformed.includes('ecret'));
});

test('the event source mapping’s words about a value that it validated come with the record', () => {
  deepStrictEqual(only({ value: 'dg==', valueSchemaMetadata: metadata })?.validatedBy, metadata);
  strictEqual(only({ value: 'dg==' })?.validatedBy, undefined);
  strictEqual(only({ value: 'dg==', valueSchemaMetadata: null })?.validatedBy, undefined);
});
