import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readValue } from '../../../../../functions/ingest/avro/read-value.ts';
import {
  type ResolvedSchema,
  resolveWriter,
} from '../../../../../functions/ingest/avro/resolve-writer.ts';
import { EventScanner } from '../../../../../functions/ingest/avro/scan/event-scanner.ts';
import { parseSchema } from '../../../../../functions/ingest/avro/schema/schema-type.ts';
import { encode } from '../../../../support/avro.ts';
import { layout } from '../../../../support/events.ts';
import { within } from '../../../../support/within.ts';
import { writerSchema } from '../../../../support/writers.ts';

// A field that only the writer has is passed over: by a scan's functions, and by avsc's types where a scan leaves the value.

/** A type of Avro with what its values may be. Names are given later, for each must be another. */
type Type =
  | { readonly kind: 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'string' | 'bytes' }
  | { readonly kind: 'fixed' | 'enum'; readonly count: number }
  | { readonly kind: 'array' | 'map'; readonly items: Type }
  | { readonly kind: 'union' | 'record'; readonly parts: readonly Type[] };

const simple = ['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'bytes'] as const;

const { type: anyType } = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...simple).map((kind) => ({ kind })),
    fc.record({ kind: fc.constant('fixed' as const), count: fc.nat(40) }),
    fc.record({ kind: fc.constant('enum' as const), count: fc.integer({ min: 1, max: 200 }) }),
    fc.record({ kind: fc.constantFrom('array' as const, 'map' as const), items: tie('type') }),
    fc.record({
      kind: fc.constant('record' as const),
      parts: fc.array(tie('type'), { maxLength: 3 }),
    }),
    fc
      .uniqueArray(tie('type'), { minLength: 1, maxLength: 4, selector: ({ kind }) => kind })
      .map((parts) => ({
        kind: 'union' as const,
        parts: parts.filter(({ kind }) => kind !== 'union'),
      }))
      .filter(({ parts }) => parts.length > 0),
  ),
}));

/** The schema of a type, in Avro's JSON. */
const schemaOf = (type: Type, numbers: Iterator<number>): unknown => {
  const name = `T${numbers.next().value}`;
  switch (type.kind) {
    case 'fixed':
      return { type: 'fixed', name, size: type.count };
    case 'enum':
      return { type: 'enum', name, symbols: Array.from({ length: type.count }, (_, n) => `S${n}`) };
    case 'array':
      return { type: 'array', items: schemaOf(type.items, numbers) };
    case 'map':
      return { type: 'map', values: schemaOf(type.items, numbers) };
    case 'union':
      return type.parts.map((part) => schemaOf(part, numbers));
    case 'record':
      return {
        type: 'record',
        name,
        fields: type.parts.map((part, n) => ({ name: `f${n}`, type: schemaOf(part, numbers) })),
      };
    default:
      return type.kind;
  }
};

const long = (value: bigint): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.of(...bytes, Number(rest));
};
const raw = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes): Buffer => Buffer.from(bytes));
const text = fc
  .uint8Array({ maxLength: 80 })
  .map((bytes) => Buffer.concat([long(BigInt(bytes.length)), bytes]));
const all = (pieces: readonly fc.Arbitrary<Buffer>[]): fc.Arbitrary<Buffer> =>
  fc.tuple(...pieces).map((bytes) => Buffer.concat(bytes));

/**
 * The bytes of a type's values.
 * @param sized whether blocks may say their size.
 */
const bytesOf = (type: Type, sized: boolean): fc.Arbitrary<Buffer> => {
  switch (type.kind) {
    case 'null':
      return fc.constant(Buffer.alloc(0));
    case 'boolean':
      return fc.constantFrom(Buffer.of(0), Buffer.of(1));
    case 'int':
      return fc.integer().map((value) => long(BigInt(value)));
    case 'long':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(long);
    case 'float':
      return raw(4);
    case 'double':
      return raw(8);
    case 'string':
    case 'bytes':
      return text;
    case 'fixed':
      return raw(type.count);
    case 'enum':
      return fc.nat(type.count - 1).map((index) => long(BigInt(index)));
    case 'union':
      return fc
        .nat(type.parts.length - 1)
        .chain((index) =>
          all([fc.constant(long(BigInt(index))), bytesOf(type.parts[index] as Type, sized)]),
        );
    case 'record':
      return all(type.parts.map((part) => bytesOf(part, sized)));
    case 'array':
    case 'map': {
      const item = bytesOf(type.items, sized);
      const entry = type.kind === 'map' ? all([text, item]) : item;
      const block = fc
        .tuple(fc.array(entry, { minLength: 1, maxLength: 3 }), fc.boolean())
        .map(([entries, says]) => {
          const bytes = Buffer.concat(entries);
          const count = BigInt(entries.length);
          const head = sized && says ? [long(-count), long(BigInt(bytes.length))] : [long(count)];
          return Buffer.concat([...head, bytes]);
        });
      return fc
        .array(block, { maxLength: 2 })
        .map((blocks) => Buffer.concat([...blocks, Buffer.of(0)]));
    }
  }
};

const writerOf = (type: unknown): ResolvedSchema => {
  const schema = writerSchema() as { fields: object[] };
  const fields = [{ name: 'first', type }, ...schema.fields];
  const text = JSON.stringify({ ...schema, fields });
  return resolveWriter(parseSchema({ text, references: [] }), layout);
};
const numbers = (): Iterator<number> => Array(1_000).keys();

const scanner = new EventScanner(layout);
const scan = ({ program }: ResolvedSchema, value: Buffer) => {
  const span = within(value);
  return program === null ? null : scanner.scan(program, span, span.start);
};
const decode = (writer: ResolvedSchema, value: Buffer) =>
  readValue(within(value), writer, { written: 'UserEvent', length: value.length });

const event = encode({ metadata: { a: 'b' } });
const expected = decode(writerOf('null'), event);

test('a value that only the writer has is passed over to its last byte, whatever its type is', () => {
  fc.assert(
    fc.property(
      anyType.chain((type) => fc.tuple(fc.constant(type), bytesOf(type, false))),
      ([type, bytes]) => {
        const writer = writerOf(schemaOf(type, numbers()));
        const value = Buffer.concat([bytes, event]);
        deepStrictEqual(decode(writer, value), expected);
        const scanned = scan(writer, value);
        ok(scanned !== null && expected.kind === 'decoded', 'it is not scanned');
        deepStrictEqual(scanned.toObject(), expected.values);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('blocks that say their size are passed over too, and a scan takes them as they are or leaves them', () => {
  fc.assert(
    fc.property(
      anyType.chain((type) => fc.tuple(fc.constant(type), bytesOf(type, true))),
      ([type, bytes]) => {
        const writer = writerOf(schemaOf(type, numbers()));
        const value = Buffer.concat([bytes, event]);
        deepStrictEqual(decode(writer, value), expected);
        const scanned = scan(writer, value);
        if (scanned !== null && expected.kind === 'decoded')
          deepStrictEqual(scanned.toObject(), expected.values);
      },
    ),
    { numRuns: 500 },
  );
});

test('a scan passes over the same of broken bytes as the decoder of all values', () => {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(
      anyType.chain((type) => fc.tuple(fc.constant(type), bytesOf(type, true))),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      ([type, bytes], changes, isCut) => {
        const writer = writerOf(schemaOf(type, numbers()));
        const broken = Buffer.from(bytes);
        for (const [at, byte] of changes) if (broken.length > 0) broken[at % broken.length] = byte;
        const value = Buffer.concat([isCut ? broken.subarray(0, -1) : broken, event]);
        const scanned = scan(writer, value);
        if (scanned === null) return;
        const decoded = decode(writer, value);
        ok(decoded.kind === 'decoded', 'to the decoder of all values it is none');
        deepStrictEqual(scanned.toObject(), decoded.values);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a type that contains itself, blocks that say their size and blocks of 64 entries are left to the decoder of all values', () => {
  const list = {
    type: 'record',
    name: 'List',
    fields: [{ name: 'next', type: ['null', 'List'] }],
  };
  const booleans = { type: 'array', items: 'boolean' };
  const cases: readonly (readonly [unknown, Buffer])[] = [
    [list, Buffer.of(2, 2, 0)],
    [booleans, Buffer.of(1, 2, 1, 0)],
    [booleans, Buffer.concat([long(64n), Buffer.alloc(64, 1), Buffer.of(0)])],
  ];
  for (const [type, bytes] of cases) {
    const writer = writerOf(type);
    const value = Buffer.concat([bytes, event]);
    strictEqual(scan(writer, value), null);
    deepStrictEqual(decode(writer, value), expected);
  }
  ok(
    scan(writerOf(booleans), Buffer.concat([long(63n), Buffer.alloc(63, 1), Buffer.of(0), event])),
  );
});

test('a number in ten bytes of more than 64 bits is passed over by neither', () => {
  const writer = writerOf('long');
  for (const [last, isRead] of [
    [1, true],
    [2, false],
  ] as const) {
    const value = Buffer.concat([Buffer.alloc(9, 0x80), Buffer.of(last), event]);
    strictEqual(scan(writer, value) !== null, isRead);
    strictEqual(decode(writer, value).kind === 'decoded', isRead);
  }
});
