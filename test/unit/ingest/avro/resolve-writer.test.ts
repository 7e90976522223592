import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createDecoder } from '../../../../functions/ingest/avro/create-decoder.ts';
import { EventLayout } from '../../../../functions/ingest/bytes/event-layout.ts';
import { compilePlan, type RecordSchema } from '../../../../functions/ingest/event/plan.ts';
import type { FieldValues } from '../../../../functions/ingest/event/user-event.ts';
import {
  bundledSchemas,
  noRegistry,
} from '../../../../functions/ingest/schema-registry/create-registry.ts';
import { parseTable } from '../../../../schema/table-definition.ts';
import { createTables } from '../../../../schema/tables.ts';
import { eventValues, fields } from '../../../support/avro.ts';
import { isRejection } from '../../../support/rejections.ts';
import { confluent, decoderOf, encodeBy, readBy, writerSchema } from '../../../support/writers.ts';

/** What a value is read as that was written by a schema. */
const readAs = (schema: object, bytes: Buffer) =>
  readBy(decoderOf({ 7: schema }), { value: confluent(7, bytes) });
const readWritten = (schema: object, given: object) =>
  readAs(schema, encodeBy(schema, { ...fields(), ...given }));
const eventOf = async (schema: object, given: object): Promise<FieldValues> => {
  const event = await readWritten(schema, given);
  ok(!isRejection(event), JSON.stringify(event));
  return event;
};
/** `reason: detail` of a value that must be rejected. */
const rejected = async (schema: object, bytes: Buffer): Promise<string> => {
  const result = await readAs(schema, bytes);
  ok(isRejection(result), JSON.stringify(result));
  return `${result.reason}: ${result.detail}`;
};
const refused = (schema: object) => rejected(schema, Buffer.alloc(0));
const published: FieldValues = eventValues();

test('a value of the published schema is read as a bare one', async () => {
  deepStrictEqual(await eventOf(writerSchema(), {}), published);
});

test('fields that were added are passed over, of every type', async () => {
  const schema = writerSchema({
    none: 'null',
    flag: 'boolean',
    count: 'int',
    ratio: 'double',
    score: 'float',
    blob: 'bytes',
    note: ['null', 'string'],
    colour: { type: 'enum', name: 'Colour', symbols: ['RED', 'GREEN'] },
    hash: { type: 'fixed', name: 'Hash', size: 3 },
    tags: { type: 'array', items: 'string' },
    nothings: { type: 'array', items: 'null' },
    weights: { type: 'map', values: 'double' },
    device: {
      type: 'record',
      name: 'Device',
      fields: [
        { name: 'os', type: 'string' },
        { name: 'colour', type: 'Colour' },
        { name: 'parts', type: { type: 'array', items: ['null', 'Device'] } },
      ],
    },
  });
  const device = { os: 'x', colour: 'RED', parts: [null] };
  const added = {
    none: null,
    flag: true,
    count: 2 ** 31 - 1,
    ratio: 0.5,
    score: 0.5,
    blob: Buffer.from('abc'),
    note: 'n',
    colour: 'GREEN',
    hash: Buffer.from('abc'),
    tags: ['a', 'b'],
    nothings: [null, null],
    weights: { a: 1, b: 2 },
    device: { ...device, parts: [null, device] },
  };
  deepStrictEqual(await eventOf(schema, added), published);
});

test('fields in another order, and in another namespace, are found by their names', async () => {
  const { fields: given, ...rest } = writerSchema() as { fields: object[] };
  const schema = { ...rest, namespace: 'org.example.other', fields: given.toReversed() };
  deepStrictEqual(await eventOf(schema, { metadata: { a: 'b' } }), {
    ...published,
    metadata: new Map([['a', 'b']]),
  });
});

test('metadata that the writer lacks is the reader’s default: none', async () => {
  deepStrictEqual(await eventOf(writerSchema({ metadata: null }), {}), published);
});

test('metadata that may be null is read, and null is none', async () => {
  const map = { type: 'map', values: 'string' };
  for (const union of [['null', map], [map, 'null'], [map]]) {
    const schema = writerSchema({ metadata: union });
    const { metadata } = await eventOf(schema, { metadata: { a: 'b' } });
    deepStrictEqual(metadata, new Map([['a', 'b']]));
    if (union.length > 1) deepStrictEqual(await eventOf(schema, { metadata: null }), published);
  }
});

test('the branch that was written is read; one that cannot be is an error of its value alone', async () => {
  const schema = writerSchema({ event_type: ['null', 'string'] });
  deepStrictEqual(await eventOf(schema, {}), published);
  const bytes = encodeBy(schema, { ...fields(), event_type: null });
  strictEqual(
    await rejected(schema, bytes),
    `undecodable: the value (${bytes.length + 5} bytes) is not one Avro UserEvent of schema 7: $.event_type is null, which cannot be read as a string`,
  );
});

test('an alias of the reader’s renames a field and the record; of two names the reader’s own counts', async () => {
  const { fields: given, ...rest } = writerSchema() as RecordSchema;
  const reader = {
    ...rest,
    aliases: ['Click'],
    fields: given.map((field) =>
      field.name === 'event_type' ? { ...field, aliases: ['kind', 'what'] } : field,
    ),
  };
  const [table = ''] = createTables({ bucket: 'day', eventIdInKey: false, rejectedTtlSeconds: 60 });
  const layout = new EventLayout(compilePlan(reader, parseTable(table)));
  const readAliased = (schema: object, written: object) =>
    readBy(
      createDecoder(
        { wireFormat: 'auto', registry: 'none', layout },
        bundledSchemas({ 7: schema }, noRegistry),
      ),
      { value: confluent(7, encodeBy(schema, { ...fields(), ...written })) },
    );
  const renamed = { ...writerSchema({ event_type: null, what: 'string' }), name: 'Click' };
  deepStrictEqual(await readAliased(renamed, { what: 'click' }), published);
  const both = writerSchema({ what: 'string' });
  deepStrictEqual(await readAliased(both, { what: 'other' }), published);
});

const cannot =
  'schema 7: the writer’s record "com.flink_streaming.events.UserEvent" cannot be read as record "com.flink_streaming.events.UserEvent"';
for (const [what, schema, why] of [
  [
    'an enum is no string: Avro promotes none',
    writerSchema({ event_type: { type: 'enum', name: 'Kind', symbols: ['click'] } }),
    `${cannot}: $.event_type is enum "com.flink_streaming.events.Kind", which cannot be read as a string`,
  ],
  [
    'a field that the reader needs is missing',
    writerSchema({ event_id: null }),
    `${cannot}: the writer has no field "event_id", and the reader no default for it`,
  ],
  [
    'a number is no uuid',
    writerSchema({ user_id: 'long' }),
    `${cannot}: $.user_id is long, which cannot be read as a uuid`,
  ],
  [
    'sixteen bytes that are not said to be a uuid are none',
    writerSchema({ user_id: { type: 'fixed', name: 'Id', size: 16 } }),
    `${cannot}: $.user_id is fixed "com.flink_streaming.events.Id", which cannot be read as a uuid`,
  ],
  [
    'a time without its zone is no instant',
    writerSchema({ event_time: { type: 'long', logicalType: 'local-timestamp-micros' } }),
    `${cannot}: $.event_time is long ("local-timestamp-micros"), which cannot be read as a time`,
  ],
  [
    'a date is no instant',
    writerSchema({ event_time: { type: 'int', logicalType: 'date' } }),
    `${cannot}: $.event_time is int ("date"), which cannot be read as a time`,
  ],
  [
    'a floating point number is no time',
    writerSchema({ event_time: 'double' }),
    `${cannot}: $.event_time is double, which cannot be read as a time`,
  ],
  [
    'a map of other values is no metadata',
    writerSchema({ metadata: { type: 'map', values: 'int' } }),
    `${cannot}: $.metadata.values is int, which cannot be read as a string`,
  ],
  [
    'no branch of a union fits, of which null is no fault',
    writerSchema({ event_type: ['null', 'int'] }),
    `${cannot}: $.event_type is int, which cannot be read as a string`,
  ],
  [
    'a local timestamp in a union with null has no time zone',
    writerSchema({
      event_time: ['null', { type: 'long', logicalType: 'local-timestamp-millis' }],
    }),
    `${cannot}: $.event_time is long ("local-timestamp-millis"), which cannot be read as a time`,
  ],
  [
    'several branches of a union fit none',
    writerSchema({
      event_time: [{ type: 'long', logicalType: 'local-timestamp-micros' }, 'null', 'string'],
    }),
    `${cannot}: $.event_time is long ("local-timestamp-micros"), which cannot be read as a time; ` +
      '$.event_time is string, which cannot be read as a time',
  ],
  [
    'a union has more branches than a message has room for',
    writerSchema({ event_time: ['null', 'boolean', 'float', 'double', 'bytes', 'string'] }),
    `${cannot}: $.event_time is boolean, which cannot be read as a time; $.event_time is float, which cannot be read as a ` +
      'time; $.event_time is double, which cannot be read as a time; and 2 more branches',
  ],
  [
    'a union within the metadata fits none',
    writerSchema({ metadata: { type: 'map', values: ['null', 'double'] } }),
    `${cannot}: $.metadata.values is double, which cannot be read as a string`,
  ],
  [
    'a union is of null alone',
    writerSchema({ event_type: ['null'] }),
    `${cannot}: $.event_type is null, which cannot be read as a string`,
  ],
  [
    'another record is none of ours',
    { ...writerSchema(), name: 'PageView', namespace: 'org.example' },
    'schema 7: the writer’s record "org.example.PageView" cannot be read as record "com.flink_streaming.events.UserEvent": ' +
      'the records’ names differ, and the reader’s has no alias "PageView"',
  ],
  [
    'a schema that is no record',
    { type: 'string' },
    'schema 7: the writer’s string cannot be read as record "com.flink_streaming.events.UserEvent": $ is string, not a record',
  ],
] as const)
  test(`${what}: its values are rejected, with both names and the path`, async () => {
    strictEqual(await refused(schema), `incompatible_schema: ${why}`);
  });

test('a union of records is read where the branch is the reader’s record', async () => {
  const schema = [
    { type: 'record', name: 'PageView', fields: [{ name: 'page', type: 'string' }] },
    writerSchema(),
  ];
  const ours = Buffer.concat([Buffer.of(2), encodeBy(writerSchema(), fields())]);
  deepStrictEqual(await readAs(schema, ours), published);
  ok((await rejected(schema, Buffer.of(0, 2, 0x61))).startsWith('undecodable'));
});
