import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventId, eventValues, fields, userId } from '../../../../support/avro.ts';
import { isRejection } from '../../../../support/rejections.ts';
import { decoderOf, encodeBy, readBy, writerSchema } from '../../../../support/writers.ts';

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
const event = eventValues({ metadata: { a: 'b' } });
const json = fields({ metadata: { a: 'b' } });

test('JSON is read field by field, and what else it has is passed over', async () => {
  deepStrictEqual(await readJson({ ...json, added: [{ deep: {} }] }), event);
});

/** A schema with one field of another type, under an id of its own. */
const readAs = (types: Readonly<Record<string, unknown>>, json: unknown, dataFormat = 'AVRO') =>
  readBy(decoderOf({ 7: writerSchema(types) }), {
    value: Buffer.isBuffer(json) ? json : Buffer.from(JSON.stringify(json)),
    validatedBy: { dataFormat, schemaId: '7' },
  });
const rejectedAs = async (...given: Parameters<typeof readAs>): Promise<string> => {
  const result = await readAs(...given);
  ok(isRejection(result), JSON.stringify(result));
  return `${result.reason}: ${result.detail}`;
};
const unions = {
  user_id: ['null', 'string'],
  event_type: ['null', 'string'],
  event_time: ['null', 'long'],
  event_id: ['null', 'string'],
  metadata: ['null', { type: 'map', values: ['null', 'string'] }],
};

test('a union’s value may be plain, or wrapped as in Avro’s own JSON encoding', async () => {
  const wrapped = {
    user_id: { string: userId },
    event_type: { string: 'click' },
    event_time: { long: json.event_time },
    event_id: { string: eventId },
    metadata: { map: { a: { string: 'b' } } },
  };
  deepStrictEqual(await readAs(unions, wrapped), event);
  deepStrictEqual(await readAs(unions, json), event);
});

test('metadata whose only key is the name of a type is metadata, and no wrapping', async () => {
  for (const key of ['map', 'string', 'null', 'bytes']) {
    const given = { ...json, metadata: { [key]: 'b' } };
    const expected = { ...event, metadata: new Map([[key, 'b']]) };
    deepStrictEqual(await readJson(given), expected);
    deepStrictEqual(await readJson(given, '9', 'JSON'), expected);
    deepStrictEqual(await readAs(unions, given), expected);
    const wrapped = { ...json, metadata: { map: { [key]: { string: 'b' } } } };
    deepStrictEqual(await readAs(unions, wrapped), expected);
  }
});

test('metadata that is wrapped in part only could be two things, and is rejected', async () => {
  strictEqual(
    await rejectedAs(unions, { ...json, metadata: { map: { string: 'b' } } }),
    'undecodable: the value is JSON whose metadata is not an object of texts',
  );
});

test('an object is no text where the schema says that it is one, whatever its only key is', async () => {
  for (const [given, field] of [
    [{ user_id: { string: userId } }, 'user_id is not a text'],
    [{ event_type: { string: 'click' } }, 'event_type is not a text'],
    [{ event_type: { anything: 'click' } }, 'event_type is not a text'],
    [{ event_time: { long: 1 } }, 'event_time is not a whole number'],
    [{ metadata: { map: { a: 'b' } } }, 'metadata is not an object of texts'],
    [{ metadata: { a: { string: 'b' } } }, 'metadata is not an object of texts'],
  ] as const)
    for (const dataFormat of ['AVRO', 'JSON'])
      strictEqual(
        await rejected({ ...json, ...given }, '1', dataFormat),
        `undecodable: the value is JSON whose ${field}`,
      );
  strictEqual(
    await rejectedAs(unions, { ...json, event_type: { anything: 'click' } }),
    'undecodable: the value is JSON whose event_type is not a text',
  );
});

test('metadata that is missing is what the reader’s schema gives', async () => {
  const { metadata: _, ...without } = json;
  deepStrictEqual(await readJson(without), { ...event, metadata: new Map() });
});

test('metadata that is null is none where the schema has null, or where nobody knows the schema', async () => {
  const given = { ...json, metadata: null };
  deepStrictEqual(await readAs(unions, given), { ...event, metadata: new Map() });
  deepStrictEqual(await readJson(given, '9', 'JSON'), { ...event, metadata: new Map() });
  strictEqual(
    await rejected(given),
    'undecodable: the value is JSON whose metadata is not an object of texts',
  );
});

test('a text of sixteen characters is a text where the schema says string, and where nobody knows the schema', async () => {
  const bytes = Buffer.from(userId.replaceAll('-', ''), 'hex').toString('latin1');
  for (const text of ['00f067aa0ba902b7', 'customer-0000042', '0'.repeat(16), bytes])
    for (const field of ['user_id', 'event_id'])
      for (const dataFormat of ['AVRO', 'JSON', 'PROTOBUF'])
        strictEqual(
          await rejected({ ...json, [field]: text }, '1', dataFormat),
          `invalid_uuid: ${field} must be a uuid, 8-4-4-4-12 hexadecimal digits (has 16 characters)`,
        );
  strictEqual(
    (await rejectedAs(unions, { ...json, user_id: bytes })).split(':')[0],
    'invalid_uuid',
  );
  const unknown = { value: Buffer.from(JSON.stringify({ ...json, event_id: '00f067aa0ba902b7' })) };
  const noSchema = await readBy(decoderOf({}), {
    ...unknown,
    validatedBy: { dataFormat: 'AVRO', schemaId: '99' },
  });
  ok(isRejection(noSchema) && noSchema.reason === 'invalid_uuid');
});

const fixed = { type: 'fixed', name: 'Uuid', size: 16, logicalType: 'uuid' };

test('sixteen characters are the sixteen bytes of a uuid where the schema says fixed(16)', async () => {
  const text = Buffer.from(userId.replaceAll('-', ''), 'hex').toString('latin1');
  deepStrictEqual(await readAs({ user_id: fixed }, { ...json, user_id: text }), event);
  deepStrictEqual(await readAs({ user_id: ['null', fixed] }, { ...json, user_id: text }), event);
  const name = 'com.flink_streaming.events.Uuid';
  deepStrictEqual(
    await readAs({ user_id: ['null', fixed] }, { ...json, user_id: { [name]: text } }),
    event,
  );
  deepStrictEqual(await readAs({ user_id: fixed }, json), event);
  strictEqual(
    await rejectedAs({ user_id: fixed }, { ...json, user_id: 'ξ'.repeat(16) }),
    'undecodable: the value is JSON whose user_id is not bytes, each a character up to U+00FF',
  );
  // A union of both says of a plain text only that it may be a string.
  const either = await rejectedAs({ user_id: [fixed, 'string'] }, { ...json, user_id: text });
  strictEqual(either.split(':')[0], 'invalid_uuid');
});

test('bytes are characters up to U+00FF, and must be the UTF-8 of a text, as in binary', async () => {
  const type = 'αναζήτηση';
  const asBytes = Buffer.from(type).toString('latin1');
  deepStrictEqual(await readAs({ event_type: 'bytes' }, { ...json, event_type: asBytes }), {
    ...event,
    event_type: type,
  });
  deepStrictEqual(
    await readAs({ event_type: ['null', 'bytes'] }, { ...json, event_type: { bytes: asBytes } }),
    { ...event, event_type: type },
  );
  deepStrictEqual(await readAs({ event_type: 'bytes' }, json), event);
  // What is a string already stays as it is, though its characters could be bytes.
  deepStrictEqual(await readJson({ ...json, event_type: asBytes }), {
    ...event,
    event_type: asBytes,
  });
  for (const [given, why] of [
    ['ü', 'not UTF-8'],
    [type, 'not bytes, each a character up to U+00FF'],
    [5, 'not bytes, each a character up to U+00FF'],
  ] as const)
    strictEqual(
      await rejectedAs({ event_type: 'bytes' }, { ...json, event_type: given }),
      `undecodable: the value is JSON whose event_type is ${why}`,
    );
});

test('a value of a branch that cannot be read names the branch', async () => {
  const local = { type: 'long', logicalType: 'local-timestamp-millis' };
  const types = { event_time: ['null', local, { type: 'int' }] };
  const why =
    'undecodable: the value is JSON whose event_time is of a branch that cannot be read ' +
    '($.event_time is long ("local-timestamp-millis"), which cannot be read as a time)';
  strictEqual(await rejectedAs(types, json), why);
  strictEqual(await rejectedAs(types, { ...json, event_time: { long: 5 } }), why);
  deepStrictEqual(await readAs(types, { ...json, event_time: { int: 5 } }), {
    ...event,
    event_time: 5,
  });
  strictEqual(
    await rejectedAs(unions, { ...json, event_type: null }),
    'undecodable: the value is JSON whose event_type is of a branch that cannot be read ($.event_type is null, which cannot be read as a string)',
  );
});

test('an enum is no text, in JSON as in binary', async () => {
  const colour = { type: 'enum', name: 'Colour', symbols: ['click'] };
  strictEqual(
    await rejectedAs(
      { event_type: ['null', colour, 'bytes'] },
      {
        ...json,
        event_type: {
          'com.flink_streaming.events.Colour': 'click',
        },
      },
    ),
    'undecodable: the value is JSON whose event_type is of a branch that cannot be read ' +
      '($.event_type is enum "com.flink_streaming.events.Colour", which cannot be read as a string)',
  );
});

test('a number written as text is no number, and a number is no text', async () => {
  for (const dataFormat of ['AVRO', 'JSON']) {
    strictEqual(
      await rejected({ ...json, event_time: '1700000000000' }, '1', dataFormat),
      'undecodable: the value is JSON whose event_time is not a whole number',
    );
    strictEqual(
      await rejected({ ...json, event_type: 7 }, '1', dataFormat),
      'undecodable: the value is JSON whose event_type is not a text',
    );
  }
  strictEqual(
    await rejectedAs({ event_time: 'int' }, json),
    'undecodable: the value is JSON whose event_time is not a whole number of 32 bits',
  );
});

test('a value of a union of records is read as the record whose fields the JSON has, or that it names', async () => {
  const ours = writerSchema();
  const other = {
    type: 'record',
    name: 'Other',
    fields: [...(ours as { fields: object[] }).fields, { name: 'added', type: 'string' }],
  };
  const decode = (given: object) =>
    readBy(decoderOf({ 7: [other, ours] }), {
      value: Buffer.from(JSON.stringify(given)),
      validatedBy: { dataFormat: 'AVRO', schemaId: '7' },
    });
  deepStrictEqual(await decode(json), event);
  deepStrictEqual(await decode({ 'com.flink_streaming.events.UserEvent': json }), event);
  for (const given of [{ ...json, added: 'x' }, { Other: { ...json, added: 'x' } }]) {
    const result = await decode(given);
    ok(
      isRejection(result) && result.detail.includes('the records’ names differ'),
      JSON.stringify(result),
    );
  }
});

test('nanoseconds that a double would round lie in the millisecond that they were written in', async () => {
  const nanos = { event_time: { type: 'long', logicalType: 'timestamp-nanos' } };
  const text = JSON.stringify(json);
  for (const [written, milliseconds] of [
    ['1699999999999999999', 1_699_999_999_999],
    ['1700000000000000000', 1_700_000_000_000],
    ['-1', -1],
    ['-0', 0],
  ] as const)
    deepStrictEqual(await readAs(nanos, Buffer.from(text.replace('1700000000000', written))), {
      ...event,
      event_time: milliseconds,
    });
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
    [{ event_type: [['click']] }, 'event_type is not a text'],
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

/** What JSON must become, by the rules of docs/schemas.md alone: `event`, or the reason of its rejection. */
const expectedOf = (value: unknown): string => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'undecodable';
  const {
    user_id,
    event_type,
    event_time,
    event_id,
    metadata = {},
  } = value as Record<string, unknown>;
  const isText = (given: unknown): given is string =>
    typeof given === 'string' && given.isWellFormed();
  const isMap =
    typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    Object.entries(metadata).flat().every(isText);
  const isDecoded = isText(user_id) && isText(event_type) && isText(event_id) && isMap;
  if (!isDecoded || typeof event_time !== 'number' || !Number.isInteger(event_time))
    return 'undecodable';
  const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
  if (!isUuid(user_id)) return 'invalid_uuid';
  const length = Buffer.byteLength(event_type);
  if (length === 0 || length > 800) return 'invalid_event_type';
  const year = Math.abs(event_time) <= 8.64e15 ? new Date(event_time).getUTCFullYear() : 0;
  if (year < 1 || year > 9999) return 'invalid_event_time';
  return isUuid(event_id) ? 'event' : 'invalid_uuid';
};

test('any JSON becomes an event, or is rejected for the first rule that it breaks', async () => {
  const orAny = (...right: readonly unknown[]) =>
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...right) }, fc.jsonValue());
  const any = fc.record(
    {
      user_id: orAny(userId, userId.toUpperCase(), 'no uuid'),
      event_type: orAny('click', '', 'x'.repeat(800), 'x'.repeat(801)),
      event_time: orAny(0, -1, 1_700_000_000_000, 253_402_300_799_999, 253_402_300_800_000),
      event_id: orAny(eventId, ''),
      metadata: orAny({}, { a: 'b' }, { a: 7 }),
    },
    { requiredKeys: ['user_id', 'event_type', 'event_time', 'event_id'] },
  );
  const became = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 9, arbitrary: any }, fc.jsonValue()), async (value) => {
      const result = await readJson(value);
      const kind = isRejection(result) ? result.reason : 'event';
      strictEqual(kind, expectedOf(value));
      became.add(kind);
    }),
    // The seed stands still, so that each reason is met in every run.
    { numRuns: 2000, seed: 1 },
  );
  deepStrictEqual([...became].sort(), [
    'event',
    'invalid_event_time',
    'invalid_event_type',
    'invalid_uuid',
    'undecodable',
  ]);
});
