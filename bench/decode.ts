// `npm run bench:decode`: measures how long reading a value takes, by its wire format and its writer's schema, and prints the table of
// docs/performance.md. The schemas are known already. Rounds of all formats take turns, because a shared machine is faster in one
// minute than in the next; the figures are medians over the rounds.
import { deflateSync } from 'node:zlib';
import avro from 'avsc';
import { scriptCommand } from '../cli/terminal/command.ts';
import { print, table } from '../cli/terminal/print.ts';
import { number } from '../cli/terminal/words.ts';
import { createDecoder } from '../functions/ingest/avro/create-decoder.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import { compilePlan } from '../functions/ingest/event/plan.ts';
import { bundledSchemas, noRegistry } from '../functions/ingest/schema-registry/create-registry.ts';
import { parseTable } from '../schema/table-definition.ts';
import { createTables } from '../schema/tables.ts';
import published from '../schema/user-event.avsc.json' with { type: 'json' };
import { median } from './statistics.ts';
import { medianTimes } from './tasks.ts';

scriptCommand({
  name: 'bench:decode',
  does: 'Measures how long the function takes to read a value, by its wire format and its writer’s schema.',
  takes: 'about a minute',
}).parse();

const rounds = 15;
const events = 1_000;

type Fields = readonly { readonly name: string; readonly type: unknown }[];
const withType = (field: string, type: unknown): Fields =>
  published.fields.map((one) => (one.name === field ? { name: field, type } : one));
/** The fields of writer's schemas that differ from the reader's. */
const writers: Readonly<Record<string, Fields>> = {
  'in another order': published.fields.toReversed(),
  'with a field more': [...published.fields, { name: 'session', type: ['null', 'string'] }],
  'without metadata': published.fields.filter(({ name }) => name !== 'metadata'),
  'with a field renamed': published.fields.map((field) =>
    field.name === 'event_type' ? { ...field, name: 'kind' } : field,
  ),
  'metadata or null': withType('metadata', ['null', { type: 'map', values: 'string' }]),
  microseconds: withType('event_time', { type: 'long', logicalType: 'timestamp-micros' }),
};
const written = Object.entries(writers).map(([name, fields], index) => {
  const schema = { ...published, fields };
  return { name, id: 2 + index, schema, type: avro.Type.forSchema(schema as avro.Schema) };
});
const reader = {
  ...published,
  fields: published.fields.map((field) =>
    field.name === 'event_type' ? { ...field, aliases: ['kind'] } : field,
  ),
};
const [asPublished, glueVersion] = [1, '01234567-89ab-4cde-8f01-23456789abcd'];
const [userEvents = ''] = createTables();
const layout = new EventLayout(compilePlan(reader, parseTable(userEvents)));
const decoder = createDecoder(
  { wireFormat: 'auto', registry: 'none', layout },
  bundledSchemas(
    {
      [asPublished]: published,
      [glueVersion]: published,
      ...Object.fromEntries(written.map(({ id, schema }) => [id, schema])),
    },
    noRegistry,
  ),
);
for (const id of [asPublished, glueVersion, ...written.map((one) => one.id)])
  await decoder.fetchSchema(id);

const publishedType = avro.Type.forSchema(published as avro.Schema);
const metadata = { page: '/products/4711', referrer: 'https://example.org/', locale: 'en-GB' };
const event = (index: number) => ({
  user_id: crypto.randomUUID(),
  event_type: 'page_view',
  event_time: 1_700_000_000_000 + index * 997,
  event_id: crypto.randomUUID(),
  metadata,
});
const bare = Array.from({ length: events }, (_, index) => publishedType.toBuffer(event(index)));
const plainJson = (toTime: (time: number) => unknown) =>
  Array.from({ length: events }, (_, index) => {
    const given = event(index);
    return Buffer.from(JSON.stringify({ ...given, event_time: toTime(given.event_time) }));
  });
const prefixed = (prefix: Buffer, values: readonly Buffer[]) =>
  values.map((value) => Buffer.concat([prefix, value]));
const glue = (compression: number) =>
  Buffer.concat([Buffer.of(3, compression), Buffer.from(glueVersion.replaceAll('-', ''), 'hex')]);

const formats: Record<string, readonly Buffer[]> = {
  'bare Avro': bare,
  Confluent: prefixed(Buffer.of(0, 0, 0, 0, asPublished), bare),
  Glue: prefixed(glue(0), bare),
  'Glue, zlib': prefixed(
    glue(5),
    bare.map((value) => deflateSync(value)),
  ),
  'plain JSON': plainJson((time) => time),
  'plain JSON, event_time as text': plainJson((time) => new Date(time).toISOString()),
  ...Object.fromEntries(
    written.map(({ name, id, type }) => [
      `Confluent, ${name}`,
      prefixed(
        Buffer.of(0, 0, 0, 0, id),
        bare.map((_, index) => {
          const { event_type: kind, ...others } = event(index);
          return type.toBuffer({ ...others, event_type: kind, kind, session: 'abcdef' });
        }),
      ),
    ]),
  ),
};

const tasks: Record<string, () => void> = {
  'avsc alone': () => {
    for (const value of bare) publishedType.fromBuffer(value);
  },
  'JSON.parse alone': () => {
    for (const value of formats['plain JSON'] ?? []) JSON.parse(value.toString());
  },
};
for (const [format, values] of Object.entries(formats)) {
  const records = values.map((value) => ({ value, headers: [] }));
  tasks[format] = () => {
    for (const record of records) {
      const decoded = decoder.decode(record);
      if (decoded.kind !== 'event')
        throw new Error(`a value in ${format} was not read: ${JSON.stringify(decoded)}`);
    }
  };
}

const nanoseconds = new Map<string, number[]>();
for (let round = 0; round < rounds; round += 1) {
  const times = await medianTimes(tasks, { time: 150, warmupTime: round === 0 ? 500 : 50 });
  for (const [name, milliseconds] of times)
    nanoseconds.set(name, [...(nanoseconds.get(name) ?? []), (milliseconds * 1e6) / events]);
}
/** Divides a format's times by those of bare Avro, round by round: a slow round is slow for all formats. */
const ratios = (name: string): number[] =>
  (nanoseconds.get(name) ?? []).map(
    (value, round) => value / (nanoseconds.get('bare Avro')?.[round] ?? Number.NaN),
  );
print(
  table(
    ['format', 'ns a value', 'of bare Avro'],
    [...nanoseconds].map(([name, values]) => [
      name,
      number(Math.round(median(values))),
      `${(median(ratios(name)) * 100).toFixed(0)} %`,
    ]),
    true,
  ),
);
