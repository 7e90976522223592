// What decoding costs by wire format, with the schema at hand: `npm run bench:decode` prints the table of
// docs/decisions/0007-avro-is-read-by-our-own-decoder.md. Rounds of all formats take turns, for a shared machine is faster in one
// minute than in the next; the figures are medians over the rounds.
import { deflateSync } from 'node:zlib';
import avro from 'avsc';
import { Bench } from 'tinybench';
import { createDecoder } from '../functions/ingest/avro/create-decoder.ts';
import { bundledSchemas, noRegistry } from '../functions/ingest/avro/create-registry.ts';
import { spanOf } from '../functions/ingest/span.ts';
import { table } from '../local/print.ts';
import published from '../schema/user-event.avsc.json' with { type: 'json' };

const rounds = 15;
const events = 1_000;

const evolved = {
  ...published,
  fields: published.fields
    .map(({ name, type }) =>
      name === 'event_time'
        ? { name, type: { type: 'long', logicalType: 'timestamp-micros' } as const }
        : { name, type },
    )
    .concat([{ name: 'session', type: ['null', 'string'] as never }])
    .toReversed(),
};
const [asPublished, asEvolved, glueVersion] = [1, 2, '01234567-89ab-4cde-8f01-23456789abcd'];
const decoder = createDecoder(
  { wireFormat: 'auto', registry: 'none' },
  bundledSchemas(
    { [asPublished]: published, [asEvolved]: evolved, [glueVersion]: published },
    noRegistry,
  ),
);
for (const id of [asPublished, asEvolved, glueVersion]) await decoder.fetchSchema(id);

const publishedType = avro.Type.forSchema(published as avro.Schema);
const evolvedType = avro.Type.forSchema(evolved as avro.Schema);
const metadata = { page: '/products/4711', referrer: 'https://example.org/', locale: 'en-GB' };
const event = (index: number) => ({
  user_id: crypto.randomUUID(),
  event_type: 'page_view',
  event_time: 1_700_000_000_000 + index * 997,
  event_id: crypto.randomUUID(),
  metadata,
});
const bare = Array.from({ length: events }, (_, index) => publishedType.toBuffer(event(index)));
const prefixed = (prefix: Buffer, values: readonly Buffer[]) =>
  values.map((value) => Buffer.concat([prefix, value]));
const glue = (compression: number) =>
  Buffer.concat([Buffer.of(3, compression), Buffer.from(glueVersion.replaceAll('-', ''), 'hex')]);

const formats: Record<string, readonly Buffer[]> = {
  'bare Avro': bare,
  Confluent: prefixed(Buffer.of(0, 0, 0, 0, asPublished), bare),
  'Confluent, another schema': prefixed(
    Buffer.of(0, 0, 0, 0, asEvolved),
    bare.map((_, index) => evolvedType.toBuffer({ ...event(index), session: 'abcdef' })),
  ),
  Glue: prefixed(glue(0), bare),
  'Glue, zlib': prefixed(
    glue(5),
    bare.map((value) => deflateSync(value)),
  ),
};

const tasks: Record<string, () => void> = {
  'avsc alone': () => {
    for (const value of bare) publishedType.fromBuffer(value);
  },
};
for (const [format, values] of Object.entries(formats)) {
  const spans = values.map(spanOf);
  tasks[format] = () => {
    for (const span of spans) {
      const decoded = decoder.decode(span, { headers: [] });
      if (!('event_time' in decoded)) throw new Error(`${format}: ${JSON.stringify(decoded)}`);
    }
  };
}

const nanoseconds = new Map<string, number[]>();
for (let round = 0; round < rounds; round += 1) {
  const bench = new Bench({ time: 150, warmupTime: round === 0 ? 500 : 50 });
  for (const [name, task] of Object.entries(tasks)) bench.add(name, task);
  for (const { name, result } of await bench.run())
    if (result.state === 'completed')
      nanoseconds.set(name, [
        ...(nanoseconds.get(name) ?? []),
        (result.latency.p50 * 1e6) / events,
      ]);
}
const median = (values: readonly number[] = []): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
/** Of each round by itself: what slows a round down slows all its formats down. */
const ratios = (name: string): number[] =>
  (nanoseconds.get(name) ?? []).map(
    (value, round) => value / (nanoseconds.get('bare Avro')?.[round] ?? Number.NaN),
  );
process.stdout.write(
  `${table(
    ['format', 'ns a value', 'of bare Avro'],
    [...nanoseconds].map(([name, values]) => [
      name,
      median(values).toFixed(0),
      `${(median(ratios(name)) * 100).toFixed(0)} %`,
    ]),
    true,
  )}\n`,
);
