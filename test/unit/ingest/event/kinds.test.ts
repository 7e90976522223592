import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { kindOf, kinds } from '../../../../functions/ingest/event/kinds.ts';

test('each type of the reader’s schema that a column can hold has its kind', () => {
  const found = [
    { type: 'string', logicalType: 'uuid' },
    'string',
    { type: 'long', logicalType: 'timestamp-millis' },
    { type: 'map', values: 'string' },
    'long',
    { type: 'int' },
    'boolean',
    'double',
    'bytes',
  ].map(kindOf);
  deepStrictEqual(found, Object.keys(kinds));
});

test('a type that no column can hold, and a number with a meaning of its own, have no kind', () => {
  for (const type of [
    'float',
    'null',
    { type: 'array', items: 'string' },
    { type: 'map', values: 'long' },
    { type: 'map', values: { type: 'string', logicalType: 'uuid' } },
    { type: 'long', logicalType: 'timestamp-micros' },
    { type: 'int', logicalType: 'date' },
    { type: 'bytes', logicalType: 'decimal' },
    ['null', 'string'],
    undefined,
    null,
  ])
    strictEqual(kindOf(type), undefined, JSON.stringify(type));
});
