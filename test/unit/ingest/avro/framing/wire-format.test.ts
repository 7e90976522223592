import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { isJson, unframe } from '../../../../../functions/ingest/avro/framing/wire-format.ts';
import { toBuffer } from '../../../../../functions/ingest/bytes/byte-range.ts';
import type { Header } from '../../../../../functions/ingest/pipeline/kafka-record.ts';
import { encode } from '../../../../support/avro.ts';
import { within } from '../../../../support/within.ts';
import { confluent } from '../../../../support/writers.ts';

const uuid = '01234567-89ab-4cde-8f01-23456789abcd';
const uuidBytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
const glue = (compression: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.of(3, compression), uuidBytes, payload]);
const schemaIdHeader = (value: Buffer | null): Header => ({ name: '__value_schema_id', value });

type Format = Parameters<typeof unframe>[2];
const framed = (value: Buffer, headers: readonly Header[] = [], format: Format = 'auto') => {
  const result = unframe(within(value), headers, format);
  if (result === null) return 'bare';
  return 'reason' in result
    ? `${result.reason}: ${result.detail}`
    : { id: result.schemaId, bytes: toBuffer({ ...result.value, start: result.start }) };
};
const payload = Buffer.from('payload');

test('a bare event begins with the length of a uuid, 0x48, and is told by it', () => {
  strictEqual(encode()[0], 0x48);
  strictEqual(framed(encode()), 'bare');
});

test('Confluent’s ids are four bytes without a sign', () => {
  for (const id of [0, 1, 2 ** 31, 2 ** 32 - 1])
    deepStrictEqual(framed(confluent(id, payload)), { id, bytes: payload });
});

test('a truncated header is rejected, at every length', () => {
  for (const [whole, what] of [
    [confluent(1, Buffer.alloc(0)), 'Confluent’s header (5 bytes)'],
    [Buffer.concat([Buffer.of(1), uuidBytes]), 'Confluent’s header (17 bytes)'],
    [glue(0, Buffer.alloc(0)), 'Glue’s header (18 bytes)'],
  ] as const)
    for (let length = 1; length < whole.length; length += 1)
      strictEqual(
        framed(whole.subarray(0, length)),
        `undecodable: the value (${length} bytes) is truncated within ${what}`,
      );
});

test('an empty value is a bare value, and not a truncated header', () => {
  strictEqual(framed(Buffer.alloc(0)), 'bare');
});

test('the uuid in a record’s header comes before what the value begins with; the last header counts', () => {
  const guid = Buffer.concat([Buffer.of(1), uuidBytes]);
  const value = confluent(5, payload);
  deepStrictEqual(framed(value, [schemaIdHeader(Buffer.of(9)), schemaIdHeader(guid)]), {
    id: uuid,
    bytes: value,
  });
  deepStrictEqual(framed(value, [{ name: '__key_schema_id', value: guid }]), {
    id: 5,
    bytes: payload,
  });
  deepStrictEqual(framed(value, [schemaIdHeader(Buffer.of(0, 0, 0, 0, 9))]), {
    id: 9,
    bytes: value,
  });
});

test('a schema id header of another form is rejected', () => {
  for (const [value, length] of [
    [null, 0],
    [Buffer.alloc(0), 0],
    [Buffer.of(1), 1],
    [Buffer.concat([Buffer.of(2), uuidBytes]), 17],
    [Buffer.concat([Buffer.of(1), uuidBytes, Buffer.of(0)]), 18],
  ] as const)
    strictEqual(
      framed(payload, [schemaIdHeader(value)]),
      `undecodable: the header __value_schema_id (${length} bytes) must be 1 and a uuid of 16 bytes`,
    );
});

test('a setting says what a value is whose first byte could mean another', () => {
  const value = confluent(5, payload);
  strictEqual(framed(value, [], 'bare'), 'bare');
  strictEqual(
    framed(value, [], 'glue'),
    'undecodable: the value (12 bytes) has no header of a glue registry; it looks like one of Confluent’s serializer: ' +
      'WIRE_FORMAT must be confluent or auto for it',
  );
  deepStrictEqual(framed(value, [], 'confluent'), { id: 5, bytes: payload });
  strictEqual(
    framed(glue(0, payload), [], 'confluent'),
    'undecodable: the value (25 bytes) has no header of a confluent registry; it looks like one of AWS Glue’s serializer: ' +
      'WIRE_FORMAT must be glue or auto for it',
  );
  strictEqual(
    framed(encode(), [], 'confluent'),
    `undecodable: the value (${encode().length} bytes) has no header of a confluent registry`,
  );
});

test('JSON of an event begins with a brace: the first byte tells it under auto, and every value must begin so under json', () => {
  const json = Buffer.from('{"user_id":1}');
  const mayBe = (value: Buffer, format: Format): boolean => isJson(within(value), format);
  for (const format of ['auto', 'json'] as const) {
    strictEqual(framed(json, [], format), 'bare');
    ok(mayBe(json, format));
    ok(!mayBe(encode(), format));
    ok(!mayBe(Buffer.alloc(0), format));
  }
  ok(!mayBe(json, 'bare') && !mayBe(json, 'confluent') && !mayBe(json, 'glue'));
  const fault = 'does not begin with {, as JSON of an event does';
  strictEqual(
    framed(encode(), [], 'json'),
    `undecodable: the value (${encode().length} bytes) ${fault}`,
  );
  strictEqual(
    framed(confluent(5, json), [schemaIdHeader(null)], 'json'),
    `undecodable: the value (18 bytes) ${fault}; it looks like one of Confluent’s serializer: WIRE_FORMAT must be confluent or auto for it`,
  );
  strictEqual(framed(Buffer.alloc(0), [], 'json'), `undecodable: the value (0 bytes) ${fault}`);
  strictEqual(
    framed(json, [schemaIdHeader(null)], 'auto'),
    'undecodable: the header __value_schema_id (0 bytes) must be 1 and a uuid of 16 bytes',
  );
});

test('a value that zlib has compressed is inflated', () => {
  const text = Buffer.from('text '.repeat(1_000));
  deepStrictEqual(framed(glue(5, deflateSync(text))), { id: uuid, bytes: text });
});

test('a value of a compression that is not known, or whose stream is broken, is rejected', () => {
  strictEqual(
    framed(glue(1, payload)),
    'undecodable: Glue’s header names the unknown compression 1',
  );
  const result = framed(glue(5, payload));
  ok(typeof result === 'string', JSON.stringify(result));
  match(result, /^undecodable: the zlib-compressed value cannot be inflated: /);
});
