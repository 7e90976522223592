import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isRejection } from '../../../../functions/ingest/rejection.ts';
import { eventId, fields, userId } from '../../../support/avro.ts';
import { decoderOf, encodeBy, readBy, writerSchema } from '../../../support/writers.ts';

// Values as the event source mapping hands them over when it has a schema registry of its own.

const decoder = decoderOf({
  1: writerSchema(),
  2: writerSchema({ event_time: { type: 'long', logicalType: 'timestamp-micros' } }),
});
const readJson = (json: unknown, schemaId = '1', dataFormat = 'AVRO') =>
  readBy(decoder, {
    value: Buffer.isBuffer(json) ? json : Buffer.from(JSON.stringify(json)),
    validatedBy: { dataFormat, schemaId },
  });
const rejected = async (...given: Parameters<typeof readJson>): Promise<string> => {
  const result = await readJson(...given);
  ok(isRejection(result), JSON.stringify(result));
  return `${result.reason}: ${result.detail}`;
};
const event = {
  userId,
  eventType: 'click',
  eventTime: 1_700_000_000_000,
  eventId,
  metadata: new Map([['a', 'b']]),
};
const json = fields({ metadata: { a: 'b' } });

test('JSON is read field by field, and what else it has is passed over', async () => {
  deepStrictEqual(await readJson({ ...json, added: [{ deep: {} }] }), event);
});

test('a union’s value may be wrapped, as in Avro’s own JSON encoding', async () => {
  const wrapped = {
    user_id: { string: userId },
    event_type: { string: 'click' },
    event_time: { long: json.event_time },
    event_id: { string: eventId },
    metadata: { map: { a: { string: 'b' } } },
  };
  deepStrictEqual(await readJson(wrapped), event);
  const map = { ...json, metadata: { map: 'b' } };
  deepStrictEqual(await readJson(map), { ...event, metadata: new Map([['map', 'b']]) });
});

test('metadata that is missing or null is none', async () => {
  const { metadata: _, ...without } = json;
  for (const given of [without, { ...json, metadata: null }])
    deepStrictEqual(await readJson(given), { ...event, metadata: new Map() });
});

test('sixteen characters are the sixteen bytes of a uuid', async () => {
  const text = Buffer.from(userId.replaceAll('-', ''), 'hex').toString('latin1');
  deepStrictEqual(await readJson({ ...json, user_id: text }), event);
});

test('a time is in the units of the schema that it was written with', async () => {
  deepStrictEqual(await readJson({ ...json, event_time: 1_700_000_000_000_999 }, '2'), event);
});

test('JSON of a schema that is not Avro is read by the names of the reader’s', async () => {
  deepStrictEqual(await readJson(json, '9', 'JSON'), event);
  deepStrictEqual(await readJson(json, '9', 'PROTOBUF'), event);
  strictEqual(
    await rejected(Buffer.of(2, 2, 10), '9', 'PROTOBUF'),
    'undecodable: the value (3 bytes), which the event source mapping has validated, is not JSON, and its schema not Avro',
  );
});

test('a key that objects have of their own is a key like any other', async () => {
  const text = JSON.stringify(json).replace('{"a":"b"}', '{"__proto__":"x","constructor":"y"}');
  deepStrictEqual(await readJson(Buffer.from(text)), {
    ...event,
    metadata: new Map([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  });
});

test('a field of another kind is rejected, without repeating it', async () => {
  for (const [given, why] of [
    [{ user_id: 5 }, 'user_id is not a text'],
    [{ event_type: null }, 'event_type is not a text'],
    [{ event_type: '\uD800' }, 'event_type is not a text'],
    [{ event_time: '2026-01-01' }, 'event_time is not a whole number'],
    [{ event_time: 1.5 }, 'event_time is not a whole number'],
    [{ event_id: ['x'.repeat(3), 'y'] }, 'event_id is not a text'],
    [{ metadata: 'canary' }, 'metadata is not an object of texts'],
    [{ metadata: { a: 1 } }, 'metadata is not an object of texts'],
    [{ metadata: { '\uD800': 'a' } }, 'metadata is not an object of texts'],
  ] as const)
    strictEqual(
      await rejected({ ...json, ...given }),
      `undecodable: the value is JSON whose ${why}`,
    );
});

test('bytes that are no JSON are the value as it was, without its header', async () => {
  const bytes = encodeBy(writerSchema(), json);
  deepStrictEqual(await readJson(bytes), event);
  for (const wrong of ['{', '{"a":', '', 'null', '[]'])
    ok((await rejected(Buffer.from(wrong))).startsWith('undecodable'), wrong);
});

test('a schema id that is neither a number nor a uuid is rejected', async () => {
  strictEqual(
    await rejected(json, 'latest'),
    `undecodable: the value (${JSON.stringify(json).length} bytes), which the event source mapping has validated, is not of a schema id of digits or a uuid`,
  );
});

test('any JSON becomes an event or a rejection, and never an error', async () => {
  const any = fc.record(
    {
      user_id: fc.jsonValue(),
      event_type: fc.jsonValue(),
      event_time: fc.jsonValue(),
      event_id: fc.jsonValue(),
      metadata: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(any, fc.jsonValue()), async (value) => {
      await readJson(value);
    }),
    { numRuns: 2000 },
  );
});
