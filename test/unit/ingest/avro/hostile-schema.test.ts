import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SchemaRegistry } from '../../../../functions/ingest/avro/schema-registry.ts';
import { isRejection } from '../../../../functions/ingest/rejection.ts';
import { fields, userId } from '../../../support/avro.ts';
import { confluent, decoderOf, encodeBy, readBy, writerSchema } from '../../../support/writers.ts';

// Whoever may register a schema may write anything into it.

/** What values are read as that were written by a schema, given as text. */
const readAs = (text: string, bytes: Buffer) => {
  const registry: SchemaRegistry = { fetch: async () => ({ text, references: [] }) };
  return readBy(decoderOf({}, {}, registry), { value: confluent(7, bytes) });
};
const rejected = async (schema: object, bytes: Buffer): Promise<string> => {
  const result = await readAs(JSON.stringify(schema), bytes);
  ok(isRejection(result), JSON.stringify(result));
  return `${result.reason}: ${result.detail}`;
};
/** Bytes of a value whose added field comes first. */
const before = (added: Buffer): Buffer =>
  Buffer.concat([added, encodeBy(writerSchema(), fields())]);
const withFirst = (type: unknown): object => {
  const schema = writerSchema() as { fields: object[] };
  return { ...schema, fields: [{ name: 'first', type }, ...schema.fields] };
};
const malformed = (fault: string, bytes: Buffer): string =>
  `undecodable: the value (${bytes.length + 5} bytes) is not one Avro UserEvent of schema 7: ${fault}`;

test('names of objects’ own machinery are names like any other, for fields and for types', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    const schema = withFirst({ type: 'record', name, fields: [{ name, type: 'string' }] });
    const text = JSON.stringify(schema).replace('"name":"first"', `"name":${JSON.stringify(name)}`);
    const event = await readAs(text, before(Buffer.of(2, 0x61)));
    ok(!isRejection(event), `${name}: ${JSON.stringify(event)}`);
    strictEqual(event.userId, userId);
  }
});

test('such a name is no type unless it is defined', async () => {
  for (const name of ['__proto__', 'constructor', 'toString'])
    strictEqual(
      await rejected(withFirst(name), Buffer.alloc(0)),
      `incompatible_schema: schema 7: $.first has the unknown type ${JSON.stringify(name)}`,
    );
});

test('a count that the bytes cannot hold is refused at once where values are passed over, too', async () => {
  for (const type of [
    { type: 'array', items: 'string' },
    { type: 'map', values: 'string' },
  ]) {
    const bytes = before(encodeBy({ type: 'long' }, 2 ** 50));
    strictEqual(
      await rejected(withFirst(type), bytes),
      malformed('a block has more entries than bytes', bytes),
    );
  }
});

test('2^50 items without bytes are passed over at once', async () => {
  const empty = { type: 'record', name: 'Empty', fields: [{ name: 'none', type: 'null' }] };
  const bytes = before(Buffer.concat([encodeBy({ type: 'long' }, 2 ** 50), Buffer.of(0)]));
  ok(!isRejection(await readAs(JSON.stringify(withFirst({ type: 'array', items: empty })), bytes)));
});

test('a negative length is refused: it would go back over what was read, for ever', async () => {
  for (const type of ['string', 'bytes', { type: 'map', values: 'null' }]) {
    const bytes = before(
      typeof type === 'string' ? Buffer.of(1) : Buffer.concat([Buffer.of(2, 1), Buffer.of(0)]),
    );
    strictEqual(await rejected(withFirst(type), bytes), malformed('a length is negative', bytes));
  }
});

test('types that double forty times and hold nothing are passed over at once', async () => {
  const types = Array.from({ length: 40 }, (_, level) => ({
    type: 'record',
    name: `R${level}`,
    fields: ['a', 'b'].map((name) => ({ name, type: level === 0 ? 'null' : `R${level - 1}` })),
  }));
  const schema = writerSchema(Object.fromEntries(types.map((type, level) => [`f${level}`, type])));
  const event = await readAs(JSON.stringify(schema), encodeBy(writerSchema(), fields()));
  ok(!isRejection(event));
});

test('a record that is its own field, and records nested a hundred deep, are refused', async () => {
  const itself = { type: 'record', name: 'Self', fields: [{ name: 'self', type: 'Self' }] };
  const bytes = before(Buffer.alloc(0));
  const tooDeep = malformed('records are nested more than 100 deep', bytes);
  strictEqual(await rejected(withFirst(itself), bytes), tooDeep);

  const list = {
    type: 'record',
    name: 'List',
    fields: [{ name: 'next', type: ['null', 'List'] }],
  };
  const nested = (depth: number) =>
    before(Buffer.concat([Buffer.alloc(depth - 1, 2), Buffer.of(0)]));
  ok(!isRejection(await readAs(JSON.stringify(withFirst(list)), nested(100))));
  strictEqual(
    await rejected(withFirst(list), nested(101)),
    malformed('records are nested more than 100 deep', nested(101)),
  );
});

test('a schema nested a hundred thousand deep, or a chain of as many types, is refused', async () => {
  const deep = `${'{"type":"array","items":'.repeat(100_000)}"string"${'}'.repeat(100_000)}`;
  const result = await readAs(deep, Buffer.alloc(0));
  ok(isRejection(result) && result.reason === 'incompatible_schema', JSON.stringify(result));

  const chain = Array.from({ length: 20_000 }, (_, level) => ({
    type: 'record',
    name: `R${level}`,
    fields: [{ name: 'a', type: level === 0 ? 'boolean' : `R${level - 1}` }],
  }));
  const schema = writerSchema({
    first: null,
    ...Object.fromEntries(chain.map((type, level) => [`f${level}`, type])),
  });
  ok(isRejection(await readAs(JSON.stringify(schema), Buffer.alloc(0))));
});

test('a branch or a symbol that there is not is refused', async () => {
  for (const [type, fault] of [
    [['null', 'string'], 'a union has no such branch'],
    [{ type: 'enum', name: 'Colour', symbols: ['RED'] }, 'an enum has no such symbol'],
  ] as const)
    for (const index of [1, 4]) {
      const bytes = before(Buffer.of(index));
      strictEqual(await rejected(withFirst(type), bytes), malformed(fault, bytes));
    }
});

test('what is no schema is told, and where', async () => {
  const cases: [unknown, string][] = [
    [5, '$ is not a type'],
    [null, '$ is not a type'],
    [{}, '$ has no type'],
    [{ type: 'record', fields: [] }, '$ has no name'],
    [{ type: 'record', name: 'A' }, '$ has no list of fields'],
    [{ type: 'record', name: 'A', fields: [{ type: 'int' }] }, '$.fields[0] has no name'],
    [{ type: 'record', name: 'A', fields: [{ name: 'a' }] }, '$.a is not a type'],
    [
      {
        type: 'record',
        name: 'A',
        fields: [
          { name: 'a', type: 'int' },
          { name: 'a', type: 'int' },
        ],
      },
      '$ has two fields "a"',
    ],
    [withFirst({ type: 'fixed', name: 'F', size: -1 }), '$.first is a fixed without a size'],
    [withFirst({ type: 'enum', name: 'E' }), '$.first has no list of symbols'],
    [
      withFirst({ ...writerSchema() }),
      '$.first defines "com.flink_streaming.events.UserEvent" once more',
    ],
    [withFirst({ type: 'array' }), '$.first.items is not a type'],
    [withFirst([]), ''],
  ];
  for (const [schema, why] of cases) {
    const result = await readAs(JSON.stringify(schema), Buffer.alloc(0));
    ok(isRejection(result), JSON.stringify(schema));
    if (why !== '') deepStrictEqual(result.detail, `schema 7: ${why}`);
  }
});

test('a name that is long or has characters of its own is cut and quoted', async () => {
  const name = `a\n${'x'.repeat(1_000)}`;
  const result = await rejected({ type: 'record', name, fields: [] }, Buffer.alloc(0));
  ok(result.length < 500 && !result.includes('\n'), result);
});

/** Any schema, right or wrong. */
const anySchema = fc.letrec((tie) => ({
  type: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(
      'null',
      'boolean',
      'int',
      'long',
      'float',
      'double',
      'bytes',
      'string',
      'A',
      'B',
    ),
    fc.record({ type: fc.constant('array'), items: tie('type') }),
    fc.record({ type: fc.constant('map'), values: tie('type') }),
    fc.array(tie('type'), { maxLength: 3 }),
    fc.record({ type: fc.constant('fixed'), name: fc.constantFrom('A', 'B'), size: fc.nat(5) }),
    fc.record({
      type: fc.constant('record'),
      name: fc.constantFrom('A', 'B', 'C'),
      fields: fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), type: tie('type') }), {
        maxLength: 3,
      }),
    }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
}));

test('whatever the schema and whatever the bytes, a value becomes an event or a rejection', async () => {
  await fc.assert(
    fc.asyncProperty(
      anySchema.type,
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom('first', 'metadata', 'event_type', 'event_time', 'user_id'),
      async (type, bytes, name) => {
        const schema =
          name === 'first' ? withFirst(type) : writerSchema({ [name]: type ?? 'null' });
        await readAs(JSON.stringify(schema), before(Buffer.from(bytes)));
      },
    ),
    { numRuns: 3000 },
  );
});
