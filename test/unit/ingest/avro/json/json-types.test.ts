import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeFailure } from '../../../../../functions/ingest/avro/decode-failure.ts';
import {
  jsonBigint,
  jsonBoolean,
  jsonBytes,
  jsonBytesText,
  jsonDouble,
  jsonEntries,
  jsonInt,
  jsonLong,
  jsonNoEntries,
  jsonNull,
  jsonText,
  jsonUuid,
  type ReadJson,
  readEither,
  readUnionJson,
} from '../../../../../functions/ingest/avro/json/json-types.ts';
import { parseSchema } from '../../../../../functions/ingest/avro/schema/schema-type.ts';

const uuid = '01234567-89ab-4cde-8f01-23456789abcd';
const uuidBytes = Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1');
const plain =
  <T>(read: ReadJson<T>) =>
  (value: unknown) =>
    read(value, 'plain');

for (const [what, read, given, expected] of [
  ['a text', plain(jsonText), 'ä', 'ä'],
  ['bytes', plain(jsonBytes), '\0\u00ff', Buffer.of(0, 255)],
  ['bytes that are a text', plain(jsonBytesText), '\u00c3\u00a4', 'ä'],
  ['the sixteen bytes of a uuid', plain(jsonUuid), uuidBytes, uuid],
  ['the text of a uuid', plain(jsonUuid), uuid, uuid],
  ['a whole number', plain(jsonLong), -7, -7],
  ['minus zero', plain(jsonLong), -0, 0],
  ['a whole number that was parsed as a bigint', plain(jsonLong), 2n ** 60n, 2n ** 60n],
  ['the lowest number of 32 bits', plain(jsonInt), -(2 ** 31), -(2 ** 31)],
  ['the highest number of 64 bits', plain(jsonBigint), 2n ** 63n - 1n, 2n ** 63n - 1n],
  ['a truth value', plain(jsonBoolean), false, false],
  ['a number', plain(jsonDouble), 0.5, 0.5],
  ['null', plain(jsonNull), null, null],
  ['null in place of a map', plain(jsonNoEntries), null, new Map()],
] as const)
  test(`JSON of ${what} is read as its value`, () => {
    deepStrictEqual(read(given), expected);
  });

for (const [what, read, values, fault] of [
  ['a text', plain(jsonText), [7, null, '\ud800'], 'not a text'],
  ['bytes', plain(jsonBytes), ['\u0100', 7], 'not bytes, each a character up to U+00FF'],
  ['bytes that are a text', plain(jsonBytesText), ['\u00ff'], 'not UTF-8'],
  ['a whole number', plain(jsonLong), ['7', 0.5, Number.NaN, null], 'not a whole number'],
  ['an int', plain(jsonInt), [2 ** 31, 2n ** 40n], 'not a whole number of 32 bits'],
  ['a long', plain(jsonBigint), [2n ** 63n], 'not a whole number of 64 bits'],
  ['a truth value', plain(jsonBoolean), ['true', 1], 'neither true nor false'],
  ['a number', plain(jsonDouble), ['1', null], 'not a number'],
  ['null', plain(jsonNull), [0, ''], 'not null'],
  ['null in place of a map', plain(jsonNoEntries), [{}], 'not an object of texts'],
] as const)
  test(`JSON that is not ${what} is a fault that says so`, () => {
    for (const value of values) throws(() => read(value), new DecodeFailure(fault));
  });

test('an object of texts becomes a map, and another object is a fault', () => {
  const entries = plain((value, encoding) => jsonEntries(value, jsonText, encoding));
  deepStrictEqual(entries({ a: 'b', '': '' }), new Map(Object.entries({ a: 'b', '': '' })));
  for (const value of [{ a: 7 }, { '\ud800': 'b' }, [], null])
    throws(() => entries(value), new DecodeFailure('not an object of texts'));
});

const typeOf = (schema: unknown) => parseSchema({ text: JSON.stringify(schema), references: [] });
const union = readUnionJson<unknown>([
  { type: typeOf('null'), json: jsonNull, why: '' },
  { type: typeOf('bytes'), json: jsonBytesText, why: '' },
  { type: typeOf('string'), json: jsonText, why: '' },
  { type: typeOf('double'), json: null, why: 'no column holds it' },
]);

test('the value of a union is read by itself, a text as a string before anything else', () => {
  deepStrictEqual(
    [null, 'ä'].map((value) => union(value, 'plain')),
    [null, 'ä'],
  );
});

test('the wrapped value of a union is read as the branch that its key names', () => {
  strictEqual(union({ bytes: '\u00c3\u00a4' }, 'wrapped'), 'ä');
  strictEqual(union(null, 'wrapped'), null);
  for (const value of [{ long: 7 }, { bytes: '', string: '' }, 'ä'])
    throws(() => union(value, 'wrapped'), new DecodeFailure('not a value of its union'));
});

test('the value of a branch that cannot be read is a fault with the reason', () => {
  const fault = new DecodeFailure('of a branch that cannot be read (no column holds it)');
  throws(() => union(0.5, 'plain'), fault);
  throws(() => union({ double: 0.5 }, 'wrapped'), fault);
});

test('a value is read in either encoding of unions, and the fault is that of the encoding it is in', () => {
  strictEqual(readEither(union, 'ä'), 'ä');
  strictEqual(readEither(union, { string: 'ä' }), 'ä');
  throws(() => readEither(union, { string: 7 }), new DecodeFailure('not a text'));
  throws(() => readEither(union, { more: 7 }), new DecodeFailure('not a text'));
});
