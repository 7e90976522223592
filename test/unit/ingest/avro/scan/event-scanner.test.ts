import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import avro, { type Schema } from 'avsc';
import fc from 'fast-check';
import { readValue } from '../../../../../functions/ingest/avro/read-value.ts';
import {
  type ResolvedSchema,
  resolveWriter,
} from '../../../../../functions/ingest/avro/resolve-writer.ts';
import { EventScanner } from '../../../../../functions/ingest/avro/scan/event-scanner.ts';
import { parseSchema } from '../../../../../functions/ingest/avro/schema/schema-type.ts';
import { encodeEvent } from '../../../../../functions/ingest/bytes/encode-event.ts';
import type { Field } from '../../../../../functions/ingest/event/plan.ts';
import { earliestTime, latestTime } from '../../../../../functions/ingest/event/readable-time.ts';
import type { FieldValue, FieldValues } from '../../../../../functions/ingest/event/user-event.ts';
import { validate } from '../../../../../functions/ingest/event/validate.ts';
import schema from '../../../../../schema/user-event.avsc.json' with { type: 'json' };
import { encode, eventValues, userId } from '../../../../support/avro.ts';
import { layout as publishedLayout } from '../../../../support/events.ts';
import { encodeFive, fiveLayout, fiveWriter } from '../../../../support/five-fields.ts';
import { eventsOf, everyKind, everyKindLayout } from '../../../../support/kinds.ts';
import { within } from '../../../../support/within.ts';

const layout = everyKindLayout();
const { plan } = layout;
const scanner = new EventScanner(layout);

const writerOf = (schema: object, as = layout): ResolvedSchema =>
  resolveWriter(parseSchema({ text: JSON.stringify(schema), references: [] }), as);

/** What the decoder of all values reads, undefined where it is none. */
const decode = (bytes: Buffer, writer: ResolvedSchema): FieldValues | undefined => {
  const decoded = readValue(within(bytes), writer, { written: 'UserEvent', length: bytes.length });
  return decoded.kind === 'decoded' ? decoded.values : undefined;
};

const scan = (bytes: Buffer, { program }: ResolvedSchema, by = scanner) => {
  const span = within(bytes);
  return program === null ? null : by.scan(program, span, span.start);
};

/** The bytes of a value, by avsc's plain types and not by those that the function makes of a schema. */
const exactLong = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint' || typeof value === 'number',
  compare: (one: bigint, other: bigint) => (one < other ? -1 : one > other ? 1 : 0),
});
const encodeBy = (schema: object, value: object): Buffer =>
  avro.Type.forSchema(
    schema as Schema,
    {
      wrapUnions: false,
      typeHook: (type: unknown) =>
        type === 'long' || (Object(type).type === 'long' && exactLong) ? exactLong : undefined,
    } as never,
  ).toBuffer(value);

/** How a writer may have a field of a kind, and what it writes for a value. */
const writtenAs = ({
  name,
  kind,
  nullable,
}: Field): fc.Arbitrary<{
  readonly type: unknown;
  readonly write: (value: FieldValue) => unknown;
}> => {
  const [published] = everyKind.fields.filter((field) => field.name === name);
  const type = published?.type as unknown;
  const inner = Array.isArray(type) ? type[1] : type;
  const plain = (value: FieldValue): unknown =>
    value instanceof Map ? Object.fromEntries(value) : value;
  const ways: { type: unknown; write: (value: FieldValue) => unknown }[] = [
    { type: ['null', inner], write: plain },
    { type: [inner, 'null'], write: plain },
  ];
  if (!nullable) ways.push({ type: inner, write: plain });
  if (kind === 'time' && !nullable)
    ways.push({
      type: { type: 'long', logicalType: 'timestamp-micros' },
      write: (value) => BigInt(value as number) * 1_000n + 7n,
    });
  if (kind === 'uuid' && !nullable)
    ways.push({
      type: { type: 'fixed', name: `Uuid_${name}`, size: 16, logicalType: 'uuid' },
      write: (value) => Buffer.from(String(value).replaceAll('-', ''), 'hex'),
    });
  if (kind === 'text' && !nullable)
    ways.push({ type: 'bytes', write: (value) => Buffer.from(value as string) });
  return fc.constantFrom(...ways);
};

/** Fields that only the writer has, with a value. */
const extras = fc.uniqueArray(
  fc.constantFrom(
    { type: 'string', value: 'ä extra' },
    { type: 'int', value: -7 },
    { type: 'long', value: 5 },
    { type: 'double', value: 2.5 },
    { type: 'float', value: 2.5 },
    { type: 'boolean', value: true },
    { type: 'bytes', value: Buffer.of(1, 2) },
    { type: 'null', value: null },
    { type: ['null', 'string'], value: null },
    { type: ['null', 'string'], value: 'x' },
    { type: { type: 'array', items: 'string' }, value: ['a', '', 'b'] },
    { type: { type: 'array', items: 'null' }, value: [null, null] },
    { type: { type: 'map', values: 'int' }, value: { a: 1, b: -300 } },
    { type: { type: 'enum', name: 'Letter', symbols: ['A', 'B'] }, value: 'B' },
    { type: { type: 'fixed', name: 'Three', size: 3 }, value: Buffer.of(1, 2, 3) },
    {
      type: {
        type: 'record',
        name: 'Device',
        fields: [
          { name: 'os', type: 'string' },
          { name: 'screens', type: { type: 'array', items: ['null', 'long'] } },
        ],
      },
      value: { os: 'mac', screens: [null, 1440] },
    },
  ),
  { maxLength: 5, selector: ({ type }) => JSON.stringify(type) },
);

/** A writer's schema that resolves to the reader's, and a value of it with what it must be read as. */
const written = eventsOf(plan).chain((fields) =>
  fc
    .record({
      ways: fc.tuple(...plan.fields.map(writtenAs)),
      dropped: fc.subarray(
        plan.fields.filter(({ fallback }) => fallback !== undefined).map(({ name }) => name),
      ),
      extra: extras,
      seed: fc.integer(),
    })
    .chain(({ ways, dropped, extra }) => {
      const all = [
        ...plan.fields.flatMap((field, index) => {
          const way = ways[index];
          if (way === undefined || dropped.includes(field.name)) return [];
          return [
            { name: field.name, type: way.type, value: way.write(fields[field.name] ?? null) },
          ];
        }),
        ...extra.map(({ type, value }, index) => ({ name: `extra_${index}`, type, value })),
      ];
      const expected: Record<string, FieldValue> = {};
      for (const { name, fallback } of plan.fields)
        expected[name] = dropped.includes(name) ? (fallback ?? null) : (fields[name] ?? null);
      return fc.shuffledSubarray(all, { minLength: all.length }).map((ordered) => ({
        schema: { ...everyKind, fields: ordered.map(({ name, type }) => ({ name, type })) },
        value: Object.fromEntries(ordered.map(({ name, value }) => [name, value])),
        expected,
      }));
    }),
);

/** What a scan may leave: maps of many entries, and microseconds that 53 bits do not hold in Avro's encoding. */
const isRare = (schema: object, expected: FieldValues): boolean =>
  Object.values(expected).some((value) => value instanceof Map && value.size > 16) ||
  (JSON.stringify(schema).includes('micros') &&
    plan.fields.some(
      ({ name, kind }) => kind === 'time' && Math.abs(Number(expected[name])) * 1_000 >= 2 ** 52,
    ));

test('values of every writer’s schema that resolves are scanned, and are what the decoder of all values reads', () => {
  fc.assert(
    fc.property(written, ({ schema, value, expected }) => {
      const writer = writerOf(schema);
      const bytes = encodeBy(schema, value);
      deepStrictEqual(decode(bytes, writer), expected);
      strictEqual(validate(plan, expected), null);
      const event = scan(bytes, writer);
      if (isRare(schema, expected)) return;
      ok(event !== null, 'it is not scanned');
      deepStrictEqual(event.toObject(), encodeEvent(layout, expected).toObject());
    }),
    { numRuns: 400 },
  );
});

test('a scan takes the same of broken bytes as the decoder of all values', () => {
  fc.assert(
    fc.property(
      written,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: -3, max: 3 }),
      ({ schema, value }, flips, more) => {
        const writer = writerOf(schema);
        let bytes = encodeBy(schema, value);
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        bytes = more < 0 ? bytes.subarray(0, more) : Buffer.concat([bytes, Buffer.alloc(more)]);
        const event = scan(bytes, writer);
        if (event === null) return;
        const decoded = decode(bytes, writer);
        ok(decoded !== undefined, 'to the decoder of all values it is none');
        strictEqual(validate(plan, decoded), null);
        deepStrictEqual(event.toObject(), encodeEvent(layout, decoded).toObject());
      },
    ),
    { numRuns: 600 },
  );
});

test('an event behind other bytes of its batch, and an event before them, have their own values', () => {
  const writer = writerOf(schema, publishedLayout);
  const values = ['one', 'two', 'three'].map((event_type) => encode({ event_type }));
  const bytes = Buffer.concat(values);
  let start = 0;
  const events = values.map(({ length }) => {
    const span = { bytes, start, end: start + length };
    start += length;
    return writer.program && publishedScanner.scan(writer.program, span, span.start);
  });
  deepStrictEqual(
    events.map((event) => event?.get('event_type')),
    ['one', 'two', 'three'],
  );
});

const publishedScanner = new EventScanner(publishedLayout);
const scanPublished = (value: Buffer) =>
  scan(value, writerOf(schema, publishedLayout), publishedScanner);

test('every ordinary event of the published schema is scanned, with all its fields', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const uuid = fc.oneof(
    fc.uuid(),
    fc.uuid().map((id) => id.toUpperCase()),
  );
  fc.assert(
    fc.property(
      uuid,
      fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }),
      fc.integer({ min: earliestTime, max: latestTime }),
      uuid,
      fc.uniqueArray(fc.tuple(text, text), { maxLength: 16, selector: ([key]) => key }),
      (user_id, event_type, event_time, event_id, entries) => {
        const metadata = Object.fromEntries(entries);
        const event = scanPublished(
          encode({ user_id, event_type, event_time, event_id, metadata }),
        );
        ok(event !== null);
        deepStrictEqual(
          event.toObject(),
          eventValues({
            user_id: user_id.toLowerCase(),
            event_type,
            event_time,
            event_id: event_id.toLowerCase(),
            metadata,
          }),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

const fiveScanner = new EventScanner(fiveLayout);
const scanFive = (value: Buffer) => scan(value, fiveWriter, fiveScanner);

test('a value that is not plain is left to the decoder of all values', () => {
  const plain = encodeFive();
  const twice = (key: string) =>
    Buffer.concat([Buffer.of(2 * key.length), Buffer.from(key), Buffer.of(0)]);
  const withoutMap = encodeFive({ metadata: {} }).subarray(0, -1);
  const map = (...pieces: Buffer[]) => Buffer.concat([withoutMap, ...pieces, Buffer.of(0)]);
  const values: Record<string, Buffer> = {
    'no bytes': Buffer.alloc(0),
    'a byte too few': plain.subarray(0, -1),
    'a byte too many': Buffer.concat([plain, Buffer.of(0)]),
    'no uuid': encodeFive({ user_id: userId.replace('-', '+') }),
    'no event_type': encodeFive({ event_type: '' }),
    'an event_type that is too long': encodeFive({ event_type: 'x'.repeat(801) }),
    'a time before the year 1': encodeFive({ event_time: earliestTime - 1 }),
    'a time after the year 9999': encodeFive({ event_time: latestTime + 1 }),
    'a key twice': map(Buffer.of(4), twice('key'), twice('key')),
    'a map in two blocks': map(Buffer.of(2), twice('one'), Buffer.of(2), twice('two')),
    'a length in five bytes': map(Buffer.of(2, 0x80, 0x80, 0x80, 0x80, 0x00, 0)),
    'more entries than are compared': encodeFive({
      metadata: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`${n}`, ''])),
    }),
  };
  for (const [what, value] of Object.entries(values)) strictEqual(scanFive(value), null, what);
  ok(scanFive(map(Buffer.of(4), twice('one'), twice('two'))));
});
