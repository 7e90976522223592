import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { configuredDecoder } from '../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import type { EventPlan } from '../functions/ingest/event/plan.ts';
import type { UserEvent } from '../functions/ingest/event/user-event.ts';
import {
  readSettings,
  type Settings,
  variables,
} from '../functions/ingest/settings/read-settings.ts';
import { eventPlan } from '../schema/event-plan.ts';
import { type Finding, type Findings, inspect } from './inspect/findings.ts';
import { kafkaConnection } from './inspect/kafka-connection.ts';
import { readRecordsFile } from './inspect/read-file.ts';
import { readTopic } from './inspect/read-topic.ts';
import { main } from './main.ts';
import { wholeNumber } from './options.ts';
import { isoTime, say, table, wrap } from './print.ts';

const command = new Command('npm run inspect --')
  .description(
    'Says what is on a topic, or in a saved Kafka event, and what the function would make of it: wire formats, schemas, late\n' +
      'and rejected records, and a decoded sample. Writes nothing, joins no consumer group and commits nothing.\n\n' +
      'The topic is on the cluster that KAFKA_BOOTSTRAP_SERVERS names (with KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME and\n' +
      'KAFKA_PASSWORD where it wants them). The function’s own settings count: WIRE_FORMAT, SCHEMA_REGISTRY, …',
  )
  .argument('<topic|file>', 'a topic’s name, or a file')
  .option(
    '--records <n>',
    'how many of the last records to read',
    wholeNumber(1, 1_000_000),
    10_000,
  )
  .showHelpAfterError('(--help says more)')
  .parse();
const [subject = ''] = command.args;
const { records } = command.opts<{ records: number }>();

/** The function's settings without those of the database, which is not asked. */
const settingsWithoutDatabase = (): Settings =>
  readSettings({
    ...Object.fromEntries(
      Object.keys(variables)
        .filter((name) => !name.startsWith('CASSANDRA_'))
        .map((name) => [name, process.env[name]]),
    ),
    CASSANDRA_CONTACT_POINTS: 'none',
    CASSANDRA_LOCAL_DATACENTER: 'none',
    CASSANDRA_KEYSPACE: 'none',
    CONSUMER_GROUP_ID: 'inspect',
  });

const share = (count: number, of: number): string => `${((count / of) * 100).toFixed(2)} %`;

/** The width of a terminal and of a table's first column, in characters. */
const columns = 80;
const kindColumns = 30;

const sorted = (findings: ReadonlyMap<string, Finding>): [string, Finding][] =>
  [...findings].toSorted(([, a], [, b]) => b.count - a.count);

const counted = (head: string, findings: ReadonlyMap<string, Finding>, of: number): string =>
  table(
    [head, 'records', 'share', 'first'],
    sorted(findings).map(([kind, { count, example }]) => [
      wrap(kind, kindColumns),
      `${count}`,
      share(count, of),
      example,
    ]),
  );

const print = (
  { records: read, formats, becomes, notes, samples }: Findings,
  plan: EventPlan,
): void => {
  say(`Values:\n${counted('wire format', formats, read)}`);
  say(`\nWhat they would become:\n${counted('becomes', becomes, read)}`);
  for (const [kind, { example, detail }] of sorted(becomes))
    if (detail !== '') say(wrap(`\n${kind}, ${example}: ${detail}`, columns));
  for (const note of notes) say(wrap(`\nLook at this: ${note}`, columns));
  for (const { record, event } of samples) {
    say(`\n${record}: ${JSON.stringify(shown(event, plan), null, 2)}`);
  }
};

/** An event as JSON shows it: times in ISO form, longs in digits, bytes in hexadecimal. */
const shown = (event: UserEvent, { fields }: EventPlan): object =>
  Object.fromEntries(
    fields.map(({ name, kind }) => {
      const value = event.get(name);
      if (typeof value === 'number' && kind === 'time') return [name, isoTime(value)];
      if (typeof value === 'bigint') return [name, `${value}`];
      if (value instanceof Map) return [name, Object.fromEntries(value)];
      return [name, Buffer.isBuffer(value) ? value.toString('hex') : value];
    }),
  );

await main(async () => {
  const config = settingsWithoutDatabase();
  const isFile = existsSync(subject);
  const partitions = isFile
    ? await readRecordsFile(subject)
    : await readTopic(kafkaConnection(process.env), subject, records);
  const plan = eventPlan(config);
  const decoder = configuredDecoder(config, new EventLayout(plan));
  const findings = await inspect(partitions, decoder, config, Date.now());
  if (findings.records === 0) {
    say(`${subject} has no records.`);
    return 0;
  }
  say(`${findings.records} records of ${partitions.length} partitions of ${subject}.\n`);
  print(findings, plan);
  return 0;
});
