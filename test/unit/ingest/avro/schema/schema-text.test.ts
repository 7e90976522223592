import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import {
  SchemaError,
  SchemaReader,
} from '../../../../../functions/ingest/avro/schema/schema-text.ts';

const read = (schema: unknown): unknown => new SchemaReader().read(JSON.stringify(schema));
/** Why a schema is refused. */
const refused = (run: () => unknown): string => {
  let why = '';
  throws(run, (error) => {
    why = (error as Error).message;
    return error instanceof SchemaError;
  });
  return why;
};
const record = (...fields: readonly unknown[]) => ({ type: 'record', name: 'A', fields });

test('attributes that mean nothing to a reader are left out, and names get their namespaces', () => {
  deepStrictEqual(
    read({
      type: 'record',
      name: 'A',
      namespace: 'a.b',
      doc: 'none',
      fields: [
        {
          name: 'kind',
          type: { type: 'enum', name: 'Kind', symbols: ['x-y', 7] },
          default: 'wrong',
        },
        { name: 'other', type: ['null', 'Kind'], order: 'wrong', aliases: 7 },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros', unit: 1 } },
      ],
    }),
    {
      type: 'record',
      fields: [
        {
          name: 'kind',
          type: { type: 'enum', symbols: ['s0', 's1'], name: 'Kind', namespace: 'a.b' },
        },
        { name: 'other', type: ['null', 'a.b.Kind'] },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
      ],
      name: 'A',
      namespace: 'a.b',
    },
  );
});

test('a schema that is the name of a type alone is read with quotes and without', () => {
  strictEqual(new SchemaReader().read('"string"'), 'string');
  strictEqual(new SchemaReader().read('string'), 'string');
  strictEqual(
    refused(() => new SchemaReader().read('{')),
    'the schema is not JSON',
  );
});

for (const [schema, why] of [
  [5, '$ is not a type'],
  [null, '$ is not a type'],
  [{}, '$ has no type'],
  [{ type: 'record', fields: [] }, '$ has no name'],
  [{ type: 'record', name: 'A' }, '$ has no list of fields'],
  [record({ type: 'int' }), '$.fields[0] has no name'],
  [record({ name: 'a' }), '$.a is not a type'],
  [record({ name: 'a', type: 'int' }, { name: 'a', type: 'int' }), '$ has two fields "a"'],
  [record({ name: 'a-b', type: 'int' }), '$ has the field "a-b", a name that Avro does not allow'],
  [
    record({ name: 'f', type: { type: 'fixed', name: 'F', size: -1 } }),
    '$.f is a fixed without a size',
  ],
  [record({ name: 'e', type: { type: 'enum', name: 'E' } }), '$.e has no list of symbols'],
  [record({ name: 'a', type: record() }), '$.a defines "A" once more'],
  [record({ name: 'a', type: { type: 'array' } }), '$.a.items is not a type'],
  [record({ name: 'a', type: 'B' }), '$.a has the unknown type "B"'],
] as const)
  test(`the schema ${JSON.stringify(schema)} is refused: ${why}`, () => {
    strictEqual(
      refused(() => read(schema)),
      why,
    );
  });

test('a schema nested a hundred thousand deep is refused before the stack is exhausted', () => {
  const nested = (depth: number) =>
    `${'{"type":"array","items":'.repeat(depth)}"string"${'}'.repeat(depth)}`;
  const why = refused(() => new SchemaReader().read(nested(100_000)));
  ok(/^\$(\.items)+ is nested more than 100 deep$/.test(why), why.slice(-60));
  new SchemaReader().read(nested(100));
});

test('a schema of more than five thousand types and fields is refused, counted with what it refers to', () => {
  const wide = (name: string, fields: number): string =>
    JSON.stringify({
      type: 'record',
      name,
      fields: Array.from({ length: fields }, (_, index) => ({ name: `f${index}`, type: 'int' })),
    });
  const reader = new SchemaReader();
  reader.read(wide('B', 3_000), { text: '', origin: 'subject b version 1' });
  strictEqual(
    refused(() => reader.read(wide('A', 3_000))),
    'the schema has more than 5000 types and fields',
  );
});

test('a type of a schema that is referred to is found by its name, and may be repeated as it is', () => {
  const reader = new SchemaReader();
  const inner = { type: 'record', name: 'B', fields: [{ name: 'x', type: 'int' }] };
  reader.read(JSON.stringify(inner), { text: '', origin: 'subject b version 1' });
  const { fields } = reader.read(
    JSON.stringify(record({ name: 'one', type: 'B' }, { name: 'two', type: inner })),
  ) as { fields: object[] };
  deepStrictEqual(fields, [
    { name: 'one', type: '.B' },
    { name: 'two', type: '.B' },
  ]);
});

test('a type that is defined otherwise than in the schema that is referred to is refused with both places', () => {
  const reader = new SchemaReader();
  const inner = (type: string) => ({ type: 'record', name: 'B', fields: [{ name: 'x', type }] });
  reader.read(JSON.stringify(inner('int')), { text: '', origin: 'subject b version 1' });
  strictEqual(
    refused(() => reader.read(JSON.stringify(record({ name: 'one', type: inner('long') })))),
    '$.one defines "B" otherwise than subject b version 1 does',
  );
});

test('a mistake in a schema that is referred to is told with the subject and version that it is from', () => {
  strictEqual(
    refused(() => new SchemaReader().read('5', { text: '', origin: 'subject b version 1' })),
    'subject b version 1, which it refers to: $ is not a type',
  );
});

test('a name that is long or has characters of its own is cut and quoted', () => {
  const name = `a\n${'x'.repeat(1_000)}`;
  for (const schema of [
    record({ name, type: 'int' }),
    record({ name: 'a', type: name }),
    record({ name: 'a', type: { type: 'record', name, fields: 0 } }),
    name,
  ]) {
    const why = refused(() => read(schema));
    ok(why.length < 300 && !why.includes('\n'), why);
  }
});
