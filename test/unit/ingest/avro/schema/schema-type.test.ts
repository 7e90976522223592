import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaError } from '../../../../../functions/ingest/avro/schema/schema-text.ts';
import {
  describeType,
  kindOfType,
  logicalTypeOf,
  parseSchema,
  takesBytes,
  underlying,
} from '../../../../../functions/ingest/avro/schema/schema-type.ts';

const typeOf = (schema: unknown) => parseSchema({ text: JSON.stringify(schema), references: [] });
const record = (name: string, ...types: readonly unknown[]) => ({
  type: 'record',
  name,
  fields: types.map((type, index) => ({ name: `f${index}`, type })),
});

for (const [schema, kind, words] of [
  ['long', 'long', 'long'],
  [{ type: 'long', logicalType: 'timestamp-micros' }, 'long', 'long ("timestamp-micros")'],
  [{ type: 'long', logicalType: 'of-no-spec' }, 'long', 'long'],
  [['null', 'string'], 'union', 'union of 2'],
  [{ type: 'map', values: 'string' }, 'map', 'map'],
  [{ type: 'array', items: 'string' }, 'array', 'array'],
  [{ type: 'enum', name: 'E', symbols: ['a'] }, 'enum', 'enum "E"'],
  [{ type: 'fixed', name: 'a.F', size: 1 }, 'fixed', 'fixed "a.F"'],
  [record('a.R', 'int'), 'record', 'record "a.R"'],
] as const)
  test(`a message calls a type of ${JSON.stringify(schema)} ${words}`, () => {
    deepStrictEqual([kindOfType(typeOf(schema)), describeType(typeOf(schema))], [kind, words]);
  });

test('a logical type that Avro knows has its name, and the type that it is made of', () => {
  const type = typeOf({ type: 'string', logicalType: 'uuid' });
  deepStrictEqual([logicalTypeOf(type), underlying(type).typeName], ['uuid', 'string']);
  strictEqual(logicalTypeOf(typeOf({ type: 'string', logicalType: 'of-no-spec' })), null);
});

test('a type takes bytes unless all that it is made of takes none', () => {
  const empty = record('Empty', 'null', { type: 'fixed', name: 'F', size: 0 });
  deepStrictEqual(
    ['null', empty, record('R'), 'boolean', record('S', 'null', 'int'), ['null']].map((schema) =>
      takesBytes(typeOf(schema)),
    ),
    [false, false, false, true, true, true],
  );
});

test('a record that contains itself, whose values would have no end, is refused', () => {
  throws(() => typeOf(record('R', 'R')), {
    name: 'SchemaError',
    message: 'record "R" contains itself',
  });
});

test('a record that may contain itself is read', () => {
  strictEqual(kindOfType(typeOf(record('R', ['null', 'R']))), 'record');
});

test('records that double at each level and take no byte are refused', () => {
  let schema: unknown = record('R0', 'null');
  for (let level = 1; level <= 10; level += 1)
    schema = record(`R${level}`, schema, `R${level - 1}`);
  throws(() => typeOf(schema), {
    name: 'SchemaError',
    message: /too many values that take no byte/,
  });
});

test('a schema that avsc refuses is a SchemaError of at most three hundred characters', () => {
  throws(
    () => typeOf(record(`A-${'x'.repeat(1_000)}`)),
    (error: Error) => {
      ok(error instanceof SchemaError && error.message.length <= 300, error.message);
      return true;
    },
  );
});
