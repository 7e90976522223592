import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bareLayouts } from '../../../../functions/ingest/avro/bare-layouts.ts';
import type { EventLayout } from '../../../../functions/ingest/bytes/event-layout.ts';
import type { RecordSchema } from '../../../../functions/ingest/event/plan.ts';
import { fields } from '../../../support/avro.ts';
import { asFields, decoderWith } from '../../../support/events.ts';
import {
  encodeFive as encode,
  fiveFields,
  fiveLayout as layout,
  layoutWith,
  valuesOfFive,
  withFields,
} from '../../../support/five-fields.ts';
import { isRejection } from '../../../support/rejections.ts';
import { recordWithin } from '../../../support/within.ts';
import { encodeBy } from '../../../support/writers.ts';

type Field = RecordSchema['fields'][number];

const uuid = { type: 'string', logicalType: 'uuid' };
const session: Field = { name: 'session_id', type: ['null', uuid], default: null };
const country: Field = { name: 'country', type: 'string', default: '' };

/** The five fields, some of them of another type, and others behind them. */
const fiveWith = (types: Readonly<Record<string, unknown>>) => {
  const names: ReadonlySet<string> = new Set(fiveFields.fields.map(({ name }) => name));
  const added = Object.entries(types).filter(([name]) => !names.has(name));
  return withFields([
    ...five.map((field) => ({ ...field, type: types[field.name] ?? field.type })),
    ...added.map(([name, type]) => ({ name, type })),
  ]);
};
const five: readonly Field[] = fiveFields.fields;

const columns: Readonly<Record<string, string>> = {
  session_id: 'session_id uuid',
  country: 'country text',
};

/** The layout of events of a schema, whose table has a column for each field that was added. */
const layoutOf = (schema: RecordSchema): EventLayout =>
  layoutWith(
    schema,
    schema.fields.flatMap(({ name }) => columns[name] ?? []),
  );

const decoderOf = (as: EventLayout, olderBare: readonly unknown[]) =>
  decoderWith({ layout: as, olderBare });

const read = (decoder: ReturnType<typeof decoderOf>, value: Buffer) => {
  const event = decoder.decode(recordWithin(value));
  ok(event.kind !== 'missing-schema');
  return asFields(event);
};

/** The mistake of schemas that cannot be told apart. */
const refused = (message: string | RegExp, as: EventLayout, ...older: readonly unknown[]) =>
  throws(() => bareLayouts(as, older, 'bare'), { name: 'SchemaError', message });

const now = withFields([...five, session, country]);
const beforeCountry = withFields([...five, session]);
const nowLayout = layoutOf(now);
const event = valuesOfFive();
const sessionId = '33333333-3333-4333-8333-333333333333';

test('values of the reader’s schema and of those before it are read in any order, each to its last byte', () => {
  const decoder = decoderOf(nowLayout, [beforeCountry, fiveFields]);
  const values = [
    {
      value: encodeBy(now, { ...fields(), session_id: sessionId, country: 'at' }),
      expected: { ...event, session_id: sessionId, country: 'at' },
    },
    {
      value: encodeBy(now, { ...fields(), session_id: null, country: '' }),
      expected: { ...event, session_id: null, country: '' },
    },
    {
      value: encodeBy(beforeCountry, { ...fields(), session_id: sessionId }),
      expected: { ...event, session_id: sessionId, country: '' },
    },
    { value: encode(), expected: { ...event, session_id: null, country: '' } },
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...values)), (given) => {
      for (const { value, expected } of given) deepStrictEqual(read(decoder, value), expected);
    }),
  );
});

test('a value of an older schema is rejected where that is not listed, and a broken one by the reader’s words', () => {
  const listed = decoderOf(nowLayout, [beforeCountry]);
  const result = read(listed, encode());
  ok(isRejection(result));
  deepStrictEqual(result, {
    kind: 'rejected',
    reason: 'undecodable',
    detail: `the value (${encode().length} bytes) is not one Avro UserEvent: truncated buffer`,
  });
});

test('a value that a scan leaves is read by the schema that it is whole by', () => {
  const decoder = decoderOf(nowLayout, [beforeCountry, fiveFields]);
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`key${n}`, `${n}`]));
  deepStrictEqual(read(decoder, encode({ metadata: many })), {
    ...event,
    metadata: new Map(Object.entries(many)),
    session_id: null,
    country: '',
  });
  const wrong = read(decoder, encode({ user_id: 'nobody' }));
  ok(isRejection(wrong) && wrong.reason === 'invalid_uuid');
});

test('a schema whose fields are the beginning of another’s is told from it by where its values end', () => {
  ok(bareLayouts(nowLayout, [beforeCountry, fiveFields], 'bare').length === 3);
});

test('a field that may be null, put before a uuid, is told from it by its first byte', () => {
  const [first, ...others] = five;
  const optional = withFields([session, first as Field, ...others]);
  const decoder = decoderOf(layoutOf(optional), [fiveFields]);
  deepStrictEqual(read(decoder, encode()), { ...event, session_id: null });
  for (const session_id of [null, sessionId])
    deepStrictEqual(read(decoder, encodeBy(optional, { ...fields(), session_id })), {
      ...event,
      session_id,
    });
});

test('two schemas with the same types in the same order are refused', () => {
  const renamed = five.map((field) =>
    field.name === 'event_type' ? { ...field, name: 'kind' } : field,
  );
  refused(
    'bare values of the 1st schema of "bare" in schema/writer-schemas.json could be taken for those of schema/user-event.avsc.json: ' +
      'their fields have the same types in the same order',
    layout,
    withFields(renamed),
  );
  refused(/of the 1st schema .* the same types in the same order$/, layout, fiveFields);
  refused(
    'bare values of the 2nd schema of "bare" in schema/writer-schemas.json could be taken for those of the 1st schema of "bare" in ' +
      'schema/writer-schemas.json: their fields have the same types in the same order',
    nowLayout,
    fiveFields,
    { ...fiveFields, doc: 'the same once more' },
  );
});

test('types whose values have the same bytes are the same: text and bytes, int and long, and what takes no byte', () => {
  for (const fields of [
    { event_type: 'bytes' },
    { event_time: 'long' },
    { event_time: 'int' },
    { user_id: 'string' },
    { metadata: { type: 'map', values: 'bytes' } },
    { none: 'null' },
    { none: { type: 'fixed', name: 'None', size: 0 } },
  ])
    refused(/their fields have the same types in the same order$/, layout, fiveWith(fields));
});

test('a field added before others that may begin with the same bytes is refused, with where to add it', () => {
  const [first, ...others] = five;
  const before = withFields([first as Field, ...others.slice(1)]);
  refused(
    /schema\/user-event\.avsc\.json: field 2 \(event_time\) may begin with the same bytes as event_type; add new fields at the end$/,
    layout,
    before,
  );
  // A null is one byte, as is the empty text.
  const middle = withFields([first as Field, session, ...others]);
  refused(/field 2 \(event_type\) may begin .* as session_id/, layoutOf(middle), fiveFields);
});

test('an older schema that is no record, or that does not resolve, is refused', () => {
  refused(
    'the 1st schema of "bare" in schema/writer-schemas.json is union of 2, not a record',
    layout,
    [fiveFields, { type: 'record', name: 'Other', fields: [] }],
  );
  const older = 'the 1st schema of "bare" in schema/writer-schemas.json';
  const record = 'record "com.flink_streaming.events.UserEvent"';
  refused(
    `${older}: the writer’s ${record} cannot be read as ${record}: the writer has no field "event_id", and the reader no default for it`,
    layout,
    withFields(five.slice(0, 3)),
  );
  refused(`${older}: ${record} contains itself`, layout, {
    ...fiveFields,
    fields: [{ name: 'self', type: 'UserEvent' }],
  });
});

test('older schemas with types that contain themselves are compared, and told apart by a field behind them', () => {
  const tree = {
    type: 'record',
    name: 'Tree',
    fields: [{ name: 'children', type: { type: 'array', items: 'Tree' } }],
  };
  const one = fiveWith({ tree });
  const two = fiveWith({ tree, more: 'string' });
  ok(bareLayouts(layout, [two, one], 'bare').length === 3);
  refused(/the same types in the same order$/, layout, one, fiveWith({ other: tree }));
});

test('no value is whole by both of any two lists of types that are not refused', () => {
  const types = [
    'boolean',
    'int',
    'string',
    ['null', 'string'],
    uuid,
    { type: 'array', items: 'int' },
  ];
  const added = fc.array(fc.constantFrom(...types), { maxLength: 4 });
  const place = fc.nat(five.length);
  const schema = fc
    .tuple(added, place)
    .map(([list, at]) =>
      withFields([
        ...five.slice(0, at),
        ...list.map((type, index) => ({ name: `added_${index}`, type })),
        ...five.slice(at),
      ]),
    );
  const any = (plan: RecordSchema) =>
    Object.fromEntries(
      plan.fields.map(({ name, type }, index) => [
        name,
        name in fields() ? fields()[name as keyof ReturnType<typeof fields>] : sample(type, index),
      ]),
    );
  let told = 0;
  fc.assert(
    fc.property(schema, (older) => {
      let decoder: ReturnType<typeof decoderOf>;
      try {
        decoder = decoderOf(layout, [older]);
      } catch {
        return;
      }
      told += 1;
      deepStrictEqual(read(decoder, encodeBy(older, any(older))), event);
      deepStrictEqual(read(decoder, encode()), event);
    }),
    { numRuns: 500 },
  );
  ok(told > 50, `only ${told} were told apart`);
});

const sample = (type: unknown, index: number): unknown => {
  if (type === 'boolean') return index % 2 === 0;
  if (type === 'int') return index - 3;
  if (Array.isArray(type)) return index % 2 === 0 ? null : 'text';
  if (Object(type).type === 'array') return [index];
  return Object(type).logicalType === 'uuid' ? sessionId : '';
};

for (const [what, first, byte] of [
  ['a field that may be null', { name: 'session_id', type: ['null', uuid], default: null }, 0],
  ['a text that may be empty', country, 0],
  ['a boolean', { name: 'country', type: 'boolean' }, 0],
] as const)
  test(`${what} is refused as the first of a bare value with WIRE_FORMAT=auto, for it may begin like a registry’s header`, () => {
    const schema = withFields([first as Field, ...five]);
    const as = layoutWith(schema, [
      `${first.name} ${what === 'a boolean' ? 'boolean' : first.name === 'country' ? 'text' : 'uuid'}`,
    ]);
    throws(() => bareLayouts(as, [], 'auto'), {
      name: 'SchemaError',
      message: new RegExp(
        `^a bare value of schema/user-event.avsc.json may begin with the byte ${byte}, for its first field ${first.name} is .*: set WIRE_FORMAT to bare`,
      ),
    });
    ok(bareLayouts(as, [], 'confluent').length === 1);
  });

test('no type may be the first of a bare value with WIRE_FORMAT=auto that could begin with the brace of JSON', () => {
  const brace = Buffer.from('{')[0];
  for (const [type, column, value] of [
    ['long', 'bigint', -62],
    ['int', 'int', -62],
    ['double', 'double', Buffer.from('7b00000000000000', 'hex').readDoubleLE()],
    [{ type: 'map', values: 'string' }, 'map<text, text>', null],
  ] as const) {
    const schema = withFields([{ name: 'country', type }, ...five]);
    if (value !== null)
      strictEqual(encodeBy(schema, { ...fields(), country: value })[0], brace, `${type}`);
    throws(() => bareLayouts(layoutWith(schema, [`country ${column}`]), [], 'auto'), {
      name: 'SchemaError',
    });
  }
});

test('the published schema, and a text of the key, may be the first of a bare value with WIRE_FORMAT=auto', () => {
  const [id, type, ...others] = five;
  ok(bareLayouts(layout, [], 'auto').length === 1);
  const schema = withFields([type as Field, id as Field, ...others]);
  ok(bareLayouts(layoutOf(schema), [], 'auto').length === 1);
});
