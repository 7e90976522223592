import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { readJson } from '../../../../../cli/verify/rules/read-json.ts';
import { fieldsOf, type SchemaField } from '../../../../../cli/verify/rules/schema-fields.ts';
import { everyKind } from '../../../../support/kinds.ts';

/** The fields of every kind, each of which may be left out. */
const fields = (fieldsOf(everyKind) ?? []).map(
  (field): SchemaField => ({ ...field, fallback: field.fallback ?? null }),
);
const read = (text: string | Buffer) => readJson(fields, Buffer.from(text as string));

test('each field of JSON is read by its type, and a field that is left out has its default', () => {
  const values = read(
    '{"rank": -1, "page":"\\u00e4","seen_at":"2026-03-10T12:00:00.5+01:00","count":"9223372036854775807","active":false,' +
      '"price":1e3,"token":"AP8=","metadata":null,"labels":{"a":"b"}}',
  );
  deepStrictEqual(
    [
      'rank',
      'page',
      'seen_at',
      'count',
      'active',
      'price',
      'token',
      'metadata',
      'labels',
      'size',
    ].map((name) => values?.[name]),
    [
      -1,
      'ä',
      Date.UTC(2026, 2, 10, 11, 0, 0, 500),
      2n ** 63n - 1n,
      false,
      1000,
      Buffer.of(0, 255),
      new Map(),
      new Map([['a', 'b']]),
      null,
    ],
  );
});

test('a time that is none is NaN', () => {
  for (const source of ['1.5', '1e3', '"2026-03-10"', '"2024-02-30T00:00:00Z"', '"1"'])
    strictEqual(read(`{"seen_at":${source}}`)?.['seen_at'], Number.NaN, source);
});

for (const text of [
  '{',
  '{"rank":1,"rank":1}',
  '{"rank":1,"\\u0072ank":1}',
  '{"x":1}',
  '{"rank":1.0}',
  '{"rank":2147483648}',
  '{"rank":"1"}',
  '{"count":9007199254740992}',
  '{"count":"9223372036854775808"}',
  '{"count":"+1"}',
  '{"page":1}',
  '{"page":"\\ud800"}',
  '{"page":["a"]}',
  '{"metadata":{"a":1}}',
  '{"metadata":{"a":{"b":"c"}}}',
  '{"metadata":{"a":"b","\\u0061":"c"}}',
  '{"user_id":null}',
  '{"price":1e999}',
  '{"price":true}',
  '{"active":0}',
  '{"token":"A"}',
  '{"rank":1} x',
])
  test(`${text} is no event in JSON`, () => {
    strictEqual(read(text), null);
  });

test('bytes that are not UTF-8 are no event in JSON', () => {
  strictEqual(read(Buffer.from('{"page":"\xff"}', 'latin1')), null);
});
