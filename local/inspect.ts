import { existsSync } from 'node:fs';
import { kafkaConnection, loginVariables } from 'local-kafka-trigger/kafka/kafka-connection.ts';
import { readTopic } from '../cli/kafka/read-topic.ts';
import { eventJson } from '../cli/record/event-json.ts';
import { settingsWithoutDatabase } from '../cli/target/settings-given.ts';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { columns, print, printJson, table, wrap } from '../cli/terminal/print.ts';
import { printable } from '../cli/terminal/printable.ts';
import { quitWhile } from '../cli/terminal/quit-while.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { count, number } from '../cli/terminal/words.ts';
import { configuredDecoder } from '../functions/ingest/avro/configured-decoder.ts';
import { EventLayout } from '../functions/ingest/bytes/event-layout.ts';
import type { EventPlan } from '../functions/ingest/event/plan.ts';
import type { KafkaRecord } from '../functions/ingest/pipeline/kafka-record.ts';
import { eventPlan } from '../schema/event-plan.ts';
import { type Finding, type Findings, inspect } from './inspect/findings.ts';
import { readRecordsFile } from './inspect/read-file.ts';

const command = scriptCommand({
  name: 'inspect',
  does:
    'Says what is on a topic, or in a saved Kafka event, and what the function would make of it: wire formats, schemas, late ' +
    'and rejected records, and a decoded sample. Writes nothing, joins no consumer group and commits nothing.\n\n' +
    'The topic is on the cluster that KAFKA_BOOTSTRAP_SERVERS names, with these variables where it wants them:\n' +
    `${loginVariables}\n\n` +
    'The function’s own settings count: WIRE_FORMAT, SCHEMA_REGISTRY, …',
  takes: 'seconds',
})
  .argument(
    '<topic|file>',
    'a topic’s name, or a file: a Kafka event as Lambda sends it or the on-failure bucket keeps it, or the bytes of a value',
  )
  .option(
    '--records <n>',
    'how many records to read, the last ones of the topic',
    wholeNumber(1, 1_000_000),
    10_000,
  )
  .option('--json', 'print the findings as JSON', false)
  .parse();
const [subject = ''] = command.args;
const { records, json } = command.opts<{ records: number; json: boolean }>();

const share = (count: number, of: number): string => `${((count / of) * 100).toFixed(2)} %`;

const sorted = (findings: ReadonlyMap<string, Finding>): [string, Finding][] =>
  [...findings].toSorted(([, a], [, b]) => b.count - a.count);

const counted = (head: string, findings: ReadonlyMap<string, Finding>, of: number): string =>
  table(
    [head, 'records', 'share', 'first'],
    sorted(findings).map(([kind, { count: times, example }]) => [
      printable(kind),
      number(times),
      share(times, of),
      example,
    ]),
  );

const printFindings = (
  { records: read, formats, becomes, notes, samples }: Findings,
  plan: EventPlan,
): void => {
  print(`Values:\n${counted('wire format', formats, read)}`);
  print(`\nWhat they would become:\n${counted('becomes', becomes, read)}`);
  for (const [kind, { example, detail }] of sorted(becomes))
    if (detail !== '') print(wrap(`\n${printable(`${kind}, ${example}: ${detail}`)}`, columns()));
  for (const note of notes) print(wrap(`\nLook at this: ${printable(note)}`, columns()));
  for (const { record, event } of samples) {
    const lines = JSON.stringify(eventJson(event, plan), null, 2).split('\n').map(printable);
    print(`\n${record}: ${lines.join('\n')}`);
  }
};

/** Reads the last records of a topic. @throws {UserFacingError} that also says that there is no file of its name. */
const recordsOfTopic = async (topic: string, most: number): Promise<KafkaRecord[][]> => {
  try {
    return await readTopic(kafkaConnection(process.env), topic, most);
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    throw new UserFacingError(`There is no file ${topic}. ${error.message}`, { cause: error });
  }
};

await main(async (signal) => {
  const config = settingsWithoutDatabase();
  const isFile = existsSync(subject);
  const partitions = isFile
    ? await readRecordsFile(subject)
    : await quitWhile(signal, () => recordsOfTopic(subject, records));
  const plan = eventPlan(config);
  const decoder = configuredDecoder(config, new EventLayout(plan));
  const findings = await inspect(partitions, decoder, config, Date.now());
  if (json) {
    const listed = (found: ReadonlyMap<string, Finding>) =>
      sorted(found).map(([kind, finding]) => ({ kind, ...finding }));
    printJson({
      subject,
      records: findings.records,
      partitions: partitions.length,
      formats: listed(findings.formats),
      becomes: listed(findings.becomes),
      notes: findings.notes,
      samples: findings.samples.map(({ record, event }) => ({
        record,
        event: eventJson(event, plan),
      })),
    });
    return 0;
  }
  if (findings.records === 0) {
    print(`${subject} has no records.`);
    return 0;
  }
  print(
    `${count(findings.records, 'record')} of ${count(partitions.length, 'partition')} of ${subject}.\n`,
  );
  printFindings(findings, plan);
  return 0;
});
