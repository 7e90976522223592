import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveWriter } from '../../../../../functions/ingest/avro/resolve-writer.ts';
import { SchemaError } from '../../../../../functions/ingest/avro/schema/schema-text.ts';
import { parseSchema } from '../../../../../functions/ingest/avro/schema/schema-type.ts';
import type { SchemaRegistry } from '../../../../../functions/ingest/schema-registry/schema-registry.ts';
import { fields, userId } from '../../../../support/avro.ts';
import { layout } from '../../../../support/events.ts';
import { isRejection } from '../../../../support/rejections.ts';
import {
  confluent,
  decoderOf,
  encodeBy,
  readBy,
  writerSchema,
} from '../../../../support/writers.ts';

// Whoever may register a schema may write anything into it.

/** What values are read as that were written by a schema, given as text. */
const readAs = (text: string, bytes: Buffer) => {
  const registry: SchemaRegistry = { fetch: async () => ({ kind: 'found', text, references: [] }) };
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
const long = (value: number): Buffer => encodeBy({ type: 'long' }, value);
const malformed = (fault: string, bytes: Buffer): string =>
  `undecodable: the value (${bytes.length + 5} bytes) is not one Avro UserEvent of schema 7: ${fault}`;

test('names of objects’ own machinery are names like any other, for fields and for types', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    const schema = withFirst({ type: 'record', name, fields: [{ name, type: 'string' }] });
    const text = JSON.stringify(schema).replace('"name":"first"', `"name":${JSON.stringify(name)}`);
    const event = await readAs(text, before(Buffer.of(2, 0x61)));
    ok(!isRejection(event), `${name}: ${JSON.stringify(event)}`);
    strictEqual(event['user_id'], userId);
  }
});

test('names of objects’ own machinery are symbols of an enum, of which only the number counts, and attributes that mean nothing', async () => {
  const symbols = ['__proto__', 'constructor', 'toString', 'toString', 'no name', ''];
  const schema = JSON.stringify(withFirst({ type: 'enum', name: 'constructor', symbols }));
  const text = schema.replace('{', '{"__proto__":{"type":"int"},"constructor":"x","toString":1,');
  for (const [index] of symbols.entries())
    ok(!isRejection(await readAs(text, before(Buffer.of(2 * index)))), `symbol ${index}`);
});

test('a name of objects’ own machinery is no type unless it is defined', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'array', 'record'])
    for (const [type, path] of [
      [name, '$.first'],
      [{ type: [name] }, '$.first[0]'],
      [{ type: 'array', items: name }, '$.first.items'],
    ] as const)
      strictEqual(
        await rejected(withFirst(type), Buffer.alloc(0)),
        `incompatible_schema: schema 7: ${path} has the unknown type ${JSON.stringify(name)}`,
      );
  for (const logicalType of ['uuid', 'constructor'])
    strictEqual(
      await rejected(withFirst({ type: 'constructor', logicalType }), Buffer.alloc(0)),
      'incompatible_schema: schema 7: $.first has the unknown type "constructor"',
    );
});

test('a type with a name of objects’ own machinery and no namespace is read, and only within a union refused', async () => {
  const { namespace: _, ...schema } = withFirst('null') as { namespace: string; fields: object[] };
  const readFirst = (type: unknown, bytes: Buffer) =>
    readAs(
      JSON.stringify({ ...schema, fields: [{ name: 'first', type }, ...schema.fields.slice(1)] }),
      before(bytes),
    );
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const type = JSON.parse(
      `{"type":"record","name":"${name}","fields":[{"name":"a","type":"int"}]}`,
    );
    ok(!isRejection(await readFirst(type, Buffer.of(2))), name);
    const result = await readFirst(['null', type], Buffer.of(0));
    ok(isRejection(result) && result.detail.includes(`duplicate union branch name: "${name}"`));
  }
  deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), ofPrototype);
});

const ofPrototype = Object.getOwnPropertyNames(Object.prototype);

test('a count that the bytes cannot hold is refused at once where values are passed over, too', async () => {
  for (const type of [
    { type: 'array', items: 'string' },
    { type: 'map', values: 'string' },
  ]) {
    const bytes = before(long(2 ** 50));
    strictEqual(
      await rejected(withFirst(type), bytes),
      malformed('a block has more entries than bytes', bytes),
    );
  }
});

test('2^50 items without bytes are passed over at once', async () => {
  const empty = { type: 'record', name: 'Empty', fields: [{ name: 'none', type: 'null' }] };
  const bytes = before(Buffer.concat([long(2 ** 50), Buffer.of(0)]));
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

test('a value of a branch that cannot be read is refused before it is read, whatever its count is', async () => {
  const value = encodeBy(writerSchema(), fields());
  const at = value.indexOf('click') - 1;
  for (const items of ['null', 'string', { type: 'array', items: 'null' }]) {
    const schema = writerSchema({ event_type: ['string', { type: 'array', items }] });
    const bytes = Buffer.concat([value.subarray(0, at), Buffer.of(2), long(2 ** 31), Buffer.of(0)]);
    strictEqual(
      await rejected(schema, bytes),
      malformed('$.event_type is array, which cannot be read as a string', bytes),
    );
  }
});

test('the size that a block says is not believed: it would lead back, for ever, or past what is read', async () => {
  for (const size of [-(2 ** 40), -4, 0, 2 ** 40]) {
    const block = (...entry: readonly number[]) =>
      before(Buffer.concat([Buffer.of(1), long(size), Buffer.of(...entry, 0)]));
    for (const [type, bytes] of [
      [{ type: 'array', items: 'string' }, block(2, 0x61)],
      [{ type: 'map', values: 'boolean' }, block(2, 0x61, 1)],
    ] as const)
      ok(!isRejection(await readAs(JSON.stringify(withFirst(type)), bytes)), `${size}`);
  }
});

/** Records of which each holds the one before twice, down to one that holds a type twice. */
const doubling = (levels: number, type: string) =>
  Array.from({ length: levels }, (_, level) => ({
    type: 'record',
    name: `R${level}`,
    fields: ['a', 'b'].map((name) => ({ name, type: level === 0 ? type : `R${level - 1}` })),
  }));
const asFields = (types: readonly unknown[]) =>
  Object.fromEntries(types.map((type, level) => [`f${level}`, type]));

test('types that double forty times and hold nothing are refused at once: passing over them takes time, and no byte', async () => {
  strictEqual(
    await rejected(writerSchema(asFields(doubling(40, 'null'))), Buffer.alloc(0)),
    'incompatible_schema: schema 7: record "com.flink_streaming.events.UserEvent" holds too many values that take no byte',
  );
  const few = writerSchema(asFields(doubling(5, 'null')));
  ok(!isRejection(await readAs(JSON.stringify(few), encodeBy(writerSchema(), fields()))));
});

test('types that double forty times and hold a byte are passed over as far as there are bytes', async () => {
  const types = doubling(40, 'boolean');
  const written = encodeBy(writerSchema(), fields());
  const bytes = Buffer.concat([written, Buffer.alloc(10_000)]);
  strictEqual(
    await rejected(writerSchema(asFields(types)), bytes),
    malformed('truncated buffer', bytes),
  );
  // 2 bytes of R0, 4 of R1, and so on.
  const ten = JSON.stringify(writerSchema(asFields(types.slice(0, 10))));
  ok(!isRejection(await readAs(ten, Buffer.concat([written, Buffer.alloc(2 ** 11 - 2, 1)]))));
});

test('a record that contains itself, whose values would have no end, is refused', async () => {
  const record = (name: string, type: unknown) => ({
    type: 'record',
    name,
    fields: [{ name: 'inner', type }],
  });
  for (const type of [
    record('Self', 'Self'),
    record('Self', record('Other', 'Self')),
    { type: 'array', items: record('Self', 'Self') },
    ['null', record('Self', record('Other', record('Third', 'Self')))],
  ])
    strictEqual(
      await rejected(withFirst(type), before(Buffer.alloc(0))),
      'incompatible_schema: schema 7: record "com.flink_streaming.events.Self" contains itself',
    );
});

test('records nested a thousand deep are passed over, and a million deep they are refused', async () => {
  const list = {
    type: 'record',
    name: 'List',
    fields: [{ name: 'next', type: ['null', 'List'] }],
  };
  const tree = {
    type: 'record',
    name: 'Tree',
    fields: [{ name: 'children', type: { type: 'array', items: 'Tree' } }],
  };
  const maps = {
    type: 'record',
    name: 'Maps',
    fields: [{ name: 'parts', type: { type: 'map', values: 'Maps' } }],
  };
  for (const [type, level, end] of [
    [list, Buffer.of(2), Buffer.of(0)],
    [tree, Buffer.of(2), Buffer.of(0)],
    [maps, Buffer.of(2, 0), Buffer.of(0)],
  ] as const) {
    const ends = (depth: number) => (type === list ? 1 : depth);
    const nested = (depth: number) =>
      before(
        Buffer.concat([
          Buffer.alloc((depth - 1) * level.length, level),
          Buffer.alloc(ends(depth), end),
        ]),
      );
    const text = JSON.stringify(withFirst(type));
    for (const depth of [1, 100, 1_000])
      ok(!isRejection(await readAs(text, nested(depth))), `${type.name} ${depth}`);
    const deep = nested(1_000_000);
    strictEqual(await rejected(withFirst(type), deep), malformed('it cannot be read', deep));
  }
});

test('a schema nested a hundred thousand deep is refused', async () => {
  const deep = `${'{"type":"array","items":'.repeat(100_000)}"string"${'}'.repeat(100_000)}`;
  const result = await readAs(deep, Buffer.alloc(0));
  ok(isRejection(result) && result.reason === 'incompatible_schema', JSON.stringify(result));
});

/** A chain of records, each the last field of the next one, behind a byte of its own. */
const chain = (levels: number) =>
  Array.from({ length: levels }, (_, level) => ({
    type: 'record',
    name: `R${level}`,
    fields: [
      { name: 'a', type: 'boolean' },
      { name: 'b', type: level === 0 ? 'null' : ['null', 'string', `R${level - 1}`] },
    ],
  }));

test('a schema of more than five thousand types and fields is refused at once, with its references', async () => {
  const tooLarge = 'incompatible_schema: schema 7: the schema has more than 5000 types and fields';
  for (const schema of [
    writerSchema(asFields(chain(20_000))),
    withFirst(Array.from({ length: 5_001 }, () => 'string')),
    withFirst({ type: 'record', name: 'Wide', fields: numbered(5_001) }),
  ])
    strictEqual(await rejected(schema, Buffer.alloc(0)), tooLarge);

  const half = (name: string) => JSON.stringify({ type: 'record', name, fields: numbered(2_500) });
  const registry: SchemaRegistry = {
    fetch: async () => ({
      kind: 'found',
      text: JSON.stringify(withFirst(['One', 'Two'])),
      references: ['One', 'Two'].map((name) => ({
        text: half(`com.flink_streaming.events.${name}`),
        origin: `version 1 of ${name}`,
      })),
    }),
  };
  const result = await readBy(decoderOf({}, {}, registry), { value: confluent(7, Buffer.of(0)) });
  ok(
    isRejection(result) && result.detail.endsWith('the schema has more than 5000 types and fields'),
    JSON.stringify(result),
  );
});

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `f${index}`, type: 'int' }));

test('a chain of six hundred types is passed over, as deep as a value goes', async () => {
  const text = JSON.stringify(writerSchema(asFields(chain(600))));
  const written = encodeBy(writerSchema(), fields());
  // A value of each type, which goes down to the first type.
  const values = chain(600).map((_, level) => Buffer.from(`${'0104'.repeat(level)}01`, 'hex'));
  ok(!isRejection(await readAs(text, Buffer.concat([written, ...values]))));
  ok(isRejection(await readAs(text, Buffer.concat([written, Buffer.alloc(100_000, 4)]))));
});

test('a union of two thousand branches is read by the one that was written', async () => {
  const branches = Array.from({ length: 2_000 }, (_, index) => ({
    type: 'fixed',
    name: `F${index}`,
    size: index % 5,
  }));
  const text = JSON.stringify(withFirst(branches));
  for (const index of [0, 63, 64, 1_999]) {
    const bytes = before(Buffer.concat([long(index), Buffer.alloc(index % 5)]));
    ok(!isRejection(await readAs(text, bytes)), `branch ${index}`);
  }
  const beyond = before(long(2_000));
  strictEqual(
    await rejected(withFirst(branches), beyond),
    malformed('a union has no such branch', beyond),
  );
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

const names = fc.constantFrom('A', 'B', 'C', 'a', 'constructor', '__proto__', 'toString');

/** Any bytes, with counts and lengths among them that lead far, or back. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(2 ** 31, 2 ** 50, -(2 ** 31), -(2 ** 50), -1).map(long),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => Buffer.concat(pieces));

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
      'constructor',
      '__proto__',
    ),
    fc.record({ type: fc.constant('array'), items: tie('type') }),
    fc.record({ type: fc.constant('map'), values: tie('type') }),
    fc.array(tie('type'), { maxLength: 3 }),
    fc.record({ type: fc.constant('fixed'), name: fc.constantFrom('A', 'B'), size: fc.nat(5) }),
    fc.record({
      type: fc.constant('enum'),
      name: names,
      symbols: fc.array(names, { maxLength: 3 }),
    }),
    fc.record({
      type: fc.constantFrom('int', 'long', 'string', 'bytes', 'array', 'map', 'A', 'constructor'),
      items: fc.constant('int'),
      values: fc.constant('int'),
      logicalType: fc.constantFrom('uuid', 'timestamp-micros', 'date', 'decimal', 'constructor'),
    }),
    fc.record({
      type: fc.constant('record'),
      name: names,
      fields: fc.array(fc.record({ name: names, type: tie('type') }), {
        maxLength: 3,
      }),
    }),
    fc.jsonValue({ maxDepth: 2 }),
  ),
}));

/** Whether a schema by itself can be read as the reader's. */
const isCompatible = (text: string): boolean => {
  try {
    resolveWriter(parseSchema({ text, references: [] }), layout);
    return true;
  } catch (error) {
    if (error instanceof SchemaError) return false;
    throw error;
  }
};

test('a value is rejected for its schema where that cannot be read, and otherwise its bytes are an event of all fields or broken', async () => {
  const became = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      anySchema.type,
      anyBytes,
      fc.constantFrom('first', 'metadata', 'event_type', 'event_time', 'user_id'),
      async (type, bytes, name) => {
        const schema =
          name === 'first' ? withFirst(type) : writerSchema({ [name]: type ?? 'null' });
        const text = JSON.stringify(schema);
        const result = await readAs(text, before(bytes));
        const kind = isRejection(result) ? result.reason : 'event';
        became.add(kind);
        strictEqual(kind === 'incompatible_schema', !isCompatible(text), text);
        if (isRejection(result)) ok(result.detail.length < 500, result.detail);
        else
          deepStrictEqual(
            Object.keys(result),
            layout.plan.fields.map((field) => field.name),
          );
        deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), ofPrototype);
      },
    ),
    // The seed stands still, so that each outcome is met in every run.
    { numRuns: 3000, seed: 1 },
  );
  for (const kind of ['event', 'incompatible_schema', 'undecodable']) ok(became.has(kind), kind);
});
