import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonReader } from '../../../../../functions/ingest/avro/plain-json/json-reader.ts';
import { kinds } from '../../../../../functions/ingest/event/kinds.ts';
import type { FieldValue, FieldValues } from '../../../../../functions/ingest/event/user-event.ts';
import { validate } from '../../../../../functions/ingest/event/validate.ts';
import { avroWriter } from '../../../../../schema/avro-bytes.ts';
import { eventId, userId } from '../../../../support/avro.ts';
import { asFields, decoderWith } from '../../../../support/events.ts';
import { eventsOf, everyKind, everyKindLayout, valuesOf } from '../../../../support/kinds.ts';
import { plainJson, sourceOf } from '../../../../support/plain-json.ts';
import { recordWithin, within } from '../../../../support/within.ts';

const layout = everyKindLayout();
const { plan } = layout;
const reader = new JsonReader(layout);
/** Reads a value between bytes of others: an event's values, or the rejection. */
const read = (value: Buffer | string): Readonly<Record<string, unknown>> => ({
  ...asFields(reader.read(within(Buffer.from(value as string)))),
});

/** JSON has no infinite numbers. */
const finite = (values: FieldValues): boolean =>
  Object.values(values).every((value) => typeof value !== 'number' || Number.isFinite(value));

test('an event of any values is read from JSON as it was', () => {
  fc.assert(
    fc.property(eventsOf(plan).filter(finite), (values) => {
      deepStrictEqual(read(plainJson(plan, values)), values);
    }),
    { numRuns: 500 },
  );
});

/** Makes the values of avsc's types. */
const forAvsc = (values: FieldValues): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value instanceof Map ? Object.fromEntries(value) : value,
    ]),
  );
const keepsEntries = (values: FieldValues): boolean =>
  Object.values(values).every((value) => !(value instanceof Map) || !value.has('__proto__'));

test('the same event as Avro and as JSON is the same event', () => {
  const decoder = decoderWith({ wireFormat: 'auto', layout });
  const writer = avroWriter(everyKind);
  const decode = (value: Buffer) => {
    const result = decoder.decode(recordWithin(value));
    ok(result.kind === 'event');
    return asFields(result);
  };
  fc.assert(
    fc.property(
      eventsOf(plan).filter((values) => finite(values) && keepsEntries(values)),
      (values) => {
        deepStrictEqual(decode(plainJson(plan, values)), decode(writer.bytes(forAvsc(values))));
      },
    ),
    { numRuns: 300 },
  );
});

test('the fields of an event may stand in any order', () => {
  fc.assert(
    fc.property(
      eventsOf(plan).filter(finite),
      fc.shuffledSubarray([...plan.fields], { minLength: plan.fields.length }),
      (values, fields) => {
        deepStrictEqual(read(plainJson({ ...plan, fields }, values)), values);
      },
    ),
    { numRuns: 200 },
  );
});

/** The fields that must be there. */
const least: FieldValues = {
  user_id: userId,
  event_type: 'click',
  event_time: 1_700_000_000_000,
  event_id: eventId,
};
const defaults = Object.fromEntries(
  plan.fields.map(({ name, fallback = null }) => [name, fallback]),
);
/** Writes the fields that must be there, and others by their source. */
const withSources = (sources: Readonly<Record<string, string>>): string => {
  const kinds = new Map(plan.fields.map(({ name, kind }) => [name, kind]));
  const given = Object.entries(least)
    .filter(([name]) => !(name in sources))
    .map(([name, value]) => [name, sourceOf(kinds.get(name) ?? 'text', value)] as const);
  return `{${[...given, ...Object.entries(sources)].map(([name, source]) => `"${name}":${source}`).join(',')}}`;
};

test('a field that is left out has its default', () => {
  deepStrictEqual(read(withSources({})), { ...defaults, ...least });
});

for (const field of Object.keys(least))
  test(`an event without ${field}, which has no default, is undecodable`, () => {
    const { [field]: _, ...others } = least;
    const value = plainJson(
      { ...plan, fields: plan.fields.filter(({ name }) => name in others) },
      others,
    );
    deepStrictEqual(read(value), {
      kind: 'rejected',
      reason: 'undecodable',
      detail: `the value (${value.length} bytes) is JSON without ${field}`,
    });
  });

for (const [field, source, value] of [
  ['event_time', '"2026-03-10T12:00:00.123456Z"', Date.UTC(2026, 2, 10, 12, 0, 0, 123)],
  ['event_time', '"2026-03-10T12:00:00+01:00"', Date.UTC(2026, 2, 10, 11)],
  ['event_time', '"2026-03-10T12:00:00\\u005a"', Date.UTC(2026, 2, 10, 12)],
  ['event_time', '-1', -1],
  ['event_time', '-0', 0],
  ['seen_at', '"0001-01-01T00:00:00Z"', -62_135_596_800_000],
  ['event_type', '"\\ud83e\\udd8a\\u0000\\"\\/"', '🦊\0"/'],
  ['event_type', `"${'ξ'.repeat(400)}"`, 'ξ'.repeat(400)],
  [
    'user_id',
    `"${'ABCDEF00-0000-4000-8000-00000000ABCD'}"`,
    'abcdef00-0000-4000-8000-00000000abcd',
  ],
  ['metadata', 'null', new Map()],
  ['metadata', '{}', new Map()],
  [
    'metadata',
    '{"__proto__":"a","constructor":"b","":""}',
    new Map([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['', ''],
    ]),
  ],
  ['labels', 'null', null],
  ['count', '9007199254740991', 9_007_199_254_740_991n],
  ['count', '-9007199254740991', -9_007_199_254_740_991n],
  ['count', '"9223372036854775807"', 2n ** 63n - 1n],
  ['count', '"-9223372036854775808"', -(2n ** 63n)],
  ['count', '-0', 0n],
  ['rank', '2147483647', 2 ** 31 - 1],
  ['rank', '-2147483648', -(2 ** 31)],
  ['price', '1e3', 1000],
  ['price', '-0', -0],
  ['price', '1.7976931348623157e308', Number.MAX_VALUE],
  ['price', '9223372036854775808', 2 ** 63],
  ['active', 'false', false],
  ['token', '"AP+/"', Buffer.from('00ffbf', 'hex')],
  ['token', '"AP-_"', Buffer.from('00ffbf', 'hex')],
  ['token', '"AA=="', Buffer.of(0)],
  ['token', '"AA"', Buffer.of(0)],
  ['token', '""', Buffer.alloc(0)],
] as const satisfies readonly (readonly [string, string, FieldValue])[])
  test(`${field} of ${source.slice(0, 60)} is read`, () => {
    const event = read(withSources({ [field]: source }));
    deepStrictEqual(event, { ...defaults, ...least, [field]: value });
  });

const noTime =
  'event_time must be a time with its time zone, like 2026-03-10T12:00:00.000Z, where it is a text';
for (const [field, source, reason, detail] of [
  [
    'event_time',
    '1700000000000.5',
    'invalid_event_time',
    'event_time must be a whole number of milliseconds, in digits alone',
  ],
  [
    'event_time',
    '1700000000000.0',
    'invalid_event_time',
    'event_time must be a whole number of milliseconds, in digits alone',
  ],
  [
    'event_time',
    '1.7e12',
    'invalid_event_time',
    'event_time must be a whole number of milliseconds, in digits alone',
  ],
  [
    'event_time',
    '9007199254740993',
    'invalid_event_time',
    /^event_time must be from 0001-01-01T00:00:00.000Z to 9999/,
  ],
  ['event_time', '1700000000000000000', 'invalid_event_time', /it may count nanoseconds/],
  ['event_time', `1${'0'.repeat(400)}`, 'invalid_event_time', /^event_time must be from/],
  ['event_time', '"2026-03-10T12:00:00"', 'invalid_event_time', noTime],
  ['event_time', '"1700000000000"', 'invalid_event_time', noTime],
  ['event_time', '""', 'invalid_event_time', noTime],
  ['event_time', '"0000-12-31T23:59:59.999Z"', 'invalid_event_time', /^event_time must be from/],
  [
    'event_time',
    '"9999-12-31T23:59:59.999-00:01"',
    'invalid_event_time',
    /^event_time must be from/,
  ],
  ['seen_at', '"today"', 'invalid_event_time', /^seen_at must be a time/],
  [
    'user_id',
    '"none"',
    'invalid_uuid',
    'user_id must be a uuid, 8-4-4-4-12 hexadecimal digits (has 4 characters)',
  ],
  ['session', `"${'0'.repeat(36)}"`, 'invalid_uuid', /^session must be a uuid/],
  ['event_type', '""', 'invalid_event_type', 'event_type is empty'],
  ['event_type', `"${'ξ'.repeat(401)}"`, 'invalid_event_type', /800 bytes of UTF-8 \(has 802\)/],
  [
    'count',
    '9007199254740992',
    'undecodable',
    /JSON whose count is a number past 2\^53: its digits must be in a text$/,
  ],
  ['count', '1.5', 'undecodable', /JSON whose count is not a whole number, in digits alone$/],
  [
    'count',
    '"9223372036854775808"',
    'undecodable',
    /JSON whose count is not a whole number of 64 bits$/,
  ],
  ['count', '"07"', 'undecodable', /JSON whose count is not a whole number of 64 bits$/],
  ['count', '""', 'undecodable', /JSON whose count is not a whole number of 64 bits$/],
  ['rank', '2147483648', 'undecodable', /JSON whose rank is not a whole number of 32 bits$/],
  ['rank', '1.0', 'undecodable', /JSON whose rank is not a whole number, in digits alone$/],
  [
    'rank',
    '99999999999999999999',
    'undecodable',
    /JSON whose rank is not a whole number of 32 bits$/,
  ],
  ['price', '1e309', 'undecodable', /JSON whose price is beyond a double$/],
  ['token', '"A"', 'undecodable', /JSON whose token is not base64$/],
  ['token', '"AA="', 'undecodable', /JSON whose token is not base64$/],
  ['token', '"AB"', 'undecodable', /JSON whose token is not base64$/],
  ['token', '"AA ="', 'undecodable', /JSON whose token is not base64$/],
  ['metadata', '{"a":"1","a":"1"}', 'undecodable', /JSON whose metadata has a key twice$/],
  ['metadata', '{"a":"1","\\u0061":"2"}', 'undecodable', /JSON whose metadata has a key twice$/],
] as const)
  test(`${field} of ${source.slice(0, 60)} is ${reason}`, () => {
    const result = read(withSources({ [field]: source }));
    ok('reason' in result && 'detail' in result, JSON.stringify(source));
    strictEqual(result['reason'], reason);
    if (typeof detail === 'string') strictEqual(result['detail'], detail);
    else ok(detail.test(`${result['detail']}`), `${result['detail']}`);
  });

test('an event of the wrong shape is undecodable, whatever else is wrong with it', () => {
  const result = read(withSources({ user_id: '"none"', event_time: '1.5', rank: '1.5' }));
  strictEqual(result['reason'], 'undecodable');
});

test('of several values that are not valid, the first in the order of the schema is told', () => {
  const result = read(withSources({ event_id: '"none"', event_time: '1.5' }));
  strictEqual(result['reason'], 'invalid_event_time');
});

for (const entries of [15, 16, 17, 65_535])
  test(`a map of ${entries} entries is read, and one with a key twice is none`, () => {
    const keys = Array.from({ length: entries }, (_, index) => `"k${index}":"${index}"`);
    const event = read(withSources({ metadata: `{${keys.join(',')}}` }));
    strictEqual((event['metadata'] as ReadonlyMap<string, string>).size, entries);
    const twice = read(withSources({ metadata: `{${[...keys, keys[0]].join(',')}}` }));
    strictEqual(twice['reason'], 'undecodable');
  });

test('a map of more entries than a row may have is invalid_metadata', () => {
  const keys = Array.from({ length: 65_536 }, (_, index) => `"k${index}":""`);
  strictEqual(read(withSources({ metadata: `{${keys.join(',')}}` }))['reason'], 'invalid_metadata');
});

test('an event keeps nothing of the value’s bytes, and a rejected value changes no event', () => {
  const value = Buffer.from(withSources({ metadata: '{"a":"b"}', page: '"/home"' }));
  const event = reader.read({ bytes: value, start: 0, end: value.length });
  ok(event.kind === 'event');
  const before = event.toObject();
  value.fill('x');
  read(withSources({ user_id: '"none"' }));
  read(withSources({ page: '"/other"' }));
  deepStrictEqual(event.toObject(), before);
});

for (const { kind, name, nullable } of plan.fields)
  test(`a ${nullable ? 'nullable ' : ''}field of kind ${kind}, ${name}, is read as the value that it was, and as nothing else`, () => {
    fc.assert(
      fc.property(fc.jsonValue(), valuesOf[kind], (other, value) => {
        if (typeof value === 'number' && !Number.isFinite(value)) return;
        const event = read(withSources({ [name]: sourceOf(kind, value) }));
        deepStrictEqual(event[name], value);
        const any = read(withSources({ [name]: JSON.stringify(other) }));
        if (!('detail' in any)) strictEqual(validate(plan, any as FieldValues), null);
      }),
      { numRuns: 50 },
    );
  });

const page = readFileSync('docs/plain-json.md', 'utf8');

test('the page about plain JSON has a row for each kind of value', () => {
  const types = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.replaceAll('`', '').split(' | ')[0]?.slice(2));
  deepStrictEqual(
    Object.values(kinds)
      .map(({ avro }) => avro)
      .filter((avro) => !types.includes(avro)),
    [],
  );
});

test('the example of the page about plain JSON is an event', () => {
  const [example = ''] = page.split('\n\n').filter((part) => part.startsWith('    {'));
  const event = read(example.trim());
  strictEqual(event['event_time'], Date.UTC(2026, 2, 10, 12));
});
