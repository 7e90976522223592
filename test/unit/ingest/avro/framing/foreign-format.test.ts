import { doesNotMatch, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { foreignFormat } from '../../../../../functions/ingest/avro/framing/foreign-format.ts';
import { rangeOf } from '../../../../../functions/ingest/bytes/byte-range.ts';
import type { KafkaRecord } from '../../../../../functions/ingest/pipeline/kafka-record.ts';
import { unknownSchema } from '../../../../../functions/ingest/schema-registry/schema-registry.ts';
import { encode, fields } from '../../../../support/avro.ts';
import { decodeUnscanned, toEvent } from '../../../../support/events.ts';
import { isRejection } from '../../../../support/rejections.ts';
import { recordWithin, within } from '../../../../support/within.ts';
import { confluent, decoderOf, readBy, writerSchema } from '../../../../support/writers.ts';

const decoder = decoderOf({ 7: writerSchema() });
const rejected = async (
  given: Buffer | Partial<KafkaRecord>,
  by = decoder,
): Promise<{ reason: string; detail: string }> => {
  const result = await readBy(by, Buffer.isBuffer(given) ? { value: given } : given);
  ok(isRejection(result), JSON.stringify(result));
  ok(result.detail.length < 400, result.detail);
  doesNotMatch(result.detail, /[^ -~’…–]/);
  return result;
};

const event = encode();
const json = Buffer.from(JSON.stringify(fields()));
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const behind = (prefix: string, bytes = event): Buffer => Buffer.concat([hex(prefix), bytes]);

for (const [what, value, name] of [
  ['an Avro object container', behind('4f 62 6a 01'), /an Avro object container, a file/],
  ['a single object', behind('c3 01 1122334455667788'), /Avro’s single-object encoding/],
  ['JSON text behind white space', behind('20 0a', json), /JSON text/],
  ['JSON text behind a byte order mark', behind('ef bb bf 20', json), /JSON text/],
  ['a list in JSON', Buffer.from('[{"a":1}]'), /a list in JSON: send each event by itself/],
  ['JSON within a text of JSON', Buffer.from(JSON.stringify(json.toString())), /as JSON writes it/],
  ['XML', Buffer.from('<?xml version="1.0"?><event/>'), /XML text/],
  ['gzip', gzipSync(event), /compressed by gzip: send it uncompressed/],
  ['zstd', zstdCompressSync(event), /compressed by zstd/],
  ['zlib', deflateSync(event), /compressed by zlib/],
  ['Snappy as Java frames it', behind('82 53 4e 41 50 50 59 00'), /compressed by Snappy/],
  ['LZ4', behind('04 22 4d 18 40'), /compressed by LZ4/],
  ['base64', Buffer.from(event.toString('base64')), /base64: send the bytes themselves/],
  ['base64 for URLs', Buffer.from(event.toString('base64url')), /base64/],
  ['hexadecimal digits', Buffer.from(event.toString('hex')), /hexadecimal digits/],
  ['a serialized Java object', behind('ac ed 00 05 73 72'), /a serialized Java object/],
  ['a pickled Python object', behind('80 04 95'), /pickled Python/],
  ['a Parquet file', Buffer.from('PAR1....'), /a Parquet file/],
  ['plain text', Buffer.from('hello, this is a test'), /plain text/],
  ['Protobuf', hex('0a 03 61 62 63 12 05 63 6c 69 63 6b 18 80 d0 95 ff bc 31'), /Protobuf/],
] as const) {
  test(`a value that is ${what} is named so in its rejection`, async () => {
    const { reason, detail } = await rejected(value);
    strictEqual(reason, 'undecodable');
    ok(detail.startsWith(`the value (${value.length} bytes) is no Avro UserEvent, it looks like`));
    ok(name.test(detail), detail);
  });

  test(`${what} behind Confluent’s header is named so in its rejection`, async () => {
    const { reason, detail } = await rejected(confluent(7, value));
    strictEqual(reason, 'undecodable');
    ok(detail.includes('bytes) behind its header is no Avro UserEvent, it looks like'), detail);
    ok(name.test(detail), detail);
  });
}

test('JSON that is not read is named with what keeps it from being read', async () => {
  for (const [value, name] of [
    [behind('20', json), /JSON text behind white space: send it without$/],
    [behind('ef bb bf', json), /JSON text behind a byte order mark: send it without the mark$/],
    [confluent(7, json), /JSON text: send it without a registry’s header$/],
    [json.subarray(0, 40), /^the value \(40 bytes\) looks like JSON that is cut off at its end$/],
    [behind('', Buffer.from('{user_id:1}')), /looks like JSON, and breaks at byte 1: /],
  ] as const) {
    const { reason, detail } = await rejected(value);
    strictEqual(reason, 'undecodable');
    ok(name.test(detail), detail);
  }
});

test('Apicurio’s id of eight bytes is named, with the setting for four, where schema 0 is unknown', async () => {
  const value = behind('00 0000000000001267');
  const { reason, detail } = await rejected(value);
  strictEqual(reason, 'unknown_schema');
  ok(detail.startsWith('the value was written with schema 0, and '));
  ok(/it looks like one of Apicurio’s serializer, with a schema id of eight bytes/.test(detail));
  ok(/apicurio\.registry\.as-confluent=true/.test(detail));
});

test('Apicurio’s id of eight bytes is named where a registry says that schema 0 is unknown', async () => {
  const registry = decoderOf(
    {},
    { registry: 'confluent' },
    {
      fetch: async (id) => unknownSchema(id, 'the registry has none of that id'),
    },
  );
  const { detail } = await rejected(behind('00 0000000000000001'), registry);
  ok(/the registry has none of that id; it looks like one of Apicurio’s/.test(detail), detail);
  const other = await rejected(confluent(9, event), registry);
  strictEqual(
    other.detail,
    'the value was written with schema 9, and the registry has none of that id',
  );
});

test('a value whose schema Apicurio names in a header is read where it is the published one, and named where not', async () => {
  const headers = [{ name: 'apicurio.value.globalId', value: hex('0000000000000003') }];
  ok(!isRejection(await readBy(decoder, { value: event, headers })));
  const evolved = behind('02 61', event);
  const { detail } = await rejected({ value: evolved, headers });
  ok(/Apicurio’s serializer, with the schema’s id in a header of its own/.test(detail), detail);
  ok(/apicurio\.registry\.headers\.enabled=false/.test(detail));
});

test('an id of Azure’s schema registry is named, which a header of Confluent’s is not', async () => {
  const value = behind(
    '00 00 00 00',
    Buffer.concat([Buffer.from('0123456789abcdef'.repeat(2)), event]),
  );
  const { reason, detail } = await rejected(value);
  strictEqual(reason, 'unknown_schema');
  ok(/it looks like one of Azure’s schema registry/.test(detail), detail);
});

test('a value that was serialized twice is named so', async () => {
  const { detail } = await rejected(confluent(7, confluent(7, event)));
  ok(/serialized twice/.test(detail), detail);
});

test('a header that the setting does not look for is named, with the setting', async () => {
  const glue = behind('03 00 00112233445566778899aabbccddeeff');
  for (const [wireFormat, value, name] of [
    ['bare', confluent(7, event), /Confluent’s serializer: WIRE_FORMAT must be confluent or auto/],
    ['glue', confluent(7, event), /Confluent’s serializer: WIRE_FORMAT must be confluent or auto/],
    ['bare', glue, /AWS Glue’s serializer: WIRE_FORMAT must be glue or auto/],
    ['confluent', glue, /AWS Glue’s serializer: WIRE_FORMAT must be glue or auto/],
    [
      'confluent',
      json,
      /no header of a confluent registry; it looks like JSON text: WIRE_FORMAT must be json/,
    ],
    ['bare', json, /it looks like JSON text: WIRE_FORMAT must be json or auto/],
    ['json', confluent(7, event), /Confluent’s serializer: WIRE_FORMAT must be confluent or auto/],
    ['json', behind('ef bb bf', json), /JSON text behind a byte order mark: send it without/],
  ] as const) {
    const { detail } = await rejected(value, decoderOf({ 7: writerSchema() }, { wireFormat }));
    ok(name.test(detail), detail);
  }
});

test('a value that the mapping has validated as SOURCE is named, and its JSON keeps its own message', async () => {
  const validatedBy = { dataFormat: 'AVRO', schemaId: '7' };
  const container = await rejected({ value: behind('4f 62 6a 01'), validatedBy });
  ok(/an Avro object container/.test(container.detail), container.detail);
  strictEqual(
    (await rejected({ value: Buffer.from('{"user_id":5}'), validatedBy })).detail,
    'the value is JSON whose user_id is not a text',
  );
});

test('an event that is cut short is no text, though its first bytes are', async () => {
  for (const length of [1, 5, 9, 10, 30, 37]) {
    const { detail } = await rejected(event.subarray(0, length));
    strictEqual(detail, `the value (${length} bytes) is not one Avro UserEvent: truncated buffer`);
  }
});

test('the looks of a value change no verdict, and every value that can be read is read', async () => {
  const starts = ['', '4f626a01', 'c301', '7b22', '1f8b08', '0a03', '48', '02', '80049500'].map(
    hex,
  );
  const bytes = fc
    .tuple(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 60 }))
    .map(([first, rest]) => Buffer.concat([first, rest]));
  const bare = decoderOf({}, { wireFormat: 'bare' });
  fc.assert(
    fc.property(
      fc.oneof(
        bytes,
        fc.nat(100).map((n) => event.subarray(0, n)),
      ),
      (value) => {
        const alone = toEvent(decodeUnscanned(within(value)));
        const read = bare.decode(recordWithin(value));
        if (alone.kind === 'rejected')
          strictEqual(read.kind === 'rejected' && read.reason, alone.reason);
        else strictEqual(read.kind, 'event');
      },
    ),
    { numRuns: 3000 },
  );
  strictEqual(bare.decode(recordWithin(event)).kind, 'event');
});

test('any bytes are looked at without an error, and no part of them is repeated', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isWhole) => {
      const format = foreignFormat(rangeOf(Buffer.from(bytes)), isWhole ? [] : undefined);
      ok(format === undefined || format.name.length + format.advice.length < 300);
    }),
    { numRuns: 5000 },
  );
});
