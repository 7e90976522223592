import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { kafkaConnection } from 'local-kafka-trigger/kafka/kafka-connection.ts';
import { scriptCommand } from '../cli/terminal/command.ts';
import { print } from '../cli/terminal/print.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { count } from '../cli/terminal/words.ts';
import { type BadLine, fieldNames, readEventLines } from './own-events/event-lines.ts';
import { registerSchema } from './own-events/register-schema.ts';
import { send } from './own-events/send.ts';
import { ensureTopic } from './own-events/topic.ts';
import { encode, type WireFormat, wireFormats } from './own-events/wire-formats.ts';

interface ProduceOptions {
  readonly topic: string;
  readonly format: WireFormat;
  readonly registry?: string;
  readonly partitions: number;
  readonly fill: boolean;
  readonly skipBad: boolean;
  readonly json: boolean;
}

/** The command that produces JSON lines. */
export const produceCommand = (
  run: (file: string, options: ProduceOptions) => Promise<void>,
): Command =>
  scriptCommand({
    name: 'produce',
    does:
      'Produces user events from a file of JSON lines, one event a line, to a topic of the Kafka that KAFKA_BOOTSTRAP_SERVERS ' +
      'names (with KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD). A topic that does not exist is made.',
    takes: 'seconds',
  })
    .argument('<file>', 'the file, or - for standard input')
    .requiredOption('--topic <name>', 'the topic')
    .addOption(
      new Option('--format <format>', 'how the values are written; confluent needs --registry')
        .choices(wireFormats)
        .default('avro'),
    )
    .option('--registry <url>', 'a schema registry, where the schema is registered')
    .option('--partitions <n>', 'partitions of a topic that is made', wholeNumber(1, 1_000), 6)
    .option(
      '--fill',
      'give a line without event_id a random one, and a line without event_time the present time',
      false,
    )
    .option('--skip-bad', 'leave bad lines out, and produce the others', false)
    .option('--json', 'print JSON lines', false)
    .addHelpText(
      'after',
      `
A line is plain JSON of an event (docs/plain-json.md): the fields of
schema/user-event.avsc.json or their aliases, event_time in milliseconds or as a
text like 2026-03-10T12:00:00Z. A line that the function would reject is bad.
Each bad line is named with its number, and nothing is produced unless all lines
are right, or --skip-bad is given. The record's key is user_id.

Examples:
  npm run produce -- events/sample.jsonl --topic my-events
  npm run produce -- - --topic my-events --fill < my-events.jsonl`,
    )
    .action(run);

const read = async (file: string): Promise<Buffer> => {
  if (file === '-') return buffer(process.stdin);
  return readFile(resolve(process.env['INIT_CWD'] ?? '', file)).catch((error) => {
    throw new UserFacingError(`${file} cannot be read (${error.code}).`);
  });
};

const mostShown = 20;

const complaint = (bad: readonly BadLine[]): string => {
  const shown = bad.slice(0, mostShown).map(({ line, what }) => `line ${line}: ${what}`);
  const more = bad.length > mostShown ? [`… and ${bad.length - mostShown} more bad lines`] : [];
  return [...shown, ...more].join('\n');
};

export const produce = async (
  signal: AbortSignal,
  file: string,
  options: ProduceOptions,
): Promise<number> => {
  const { topic, format, registry, json } = options;
  if ((format === 'confluent') !== (registry !== undefined))
    throw new UserFacingError('--format confluent and --registry <url> must be given together.');
  if (!process.env['KAFKA_BOOTSTRAP_SERVERS'])
    throw new UserFacingError(
      'KAFKA_BOOTSTRAP_SERVERS must name the brokers (host:port, separated by commas). There are none yet? ' +
        '`npm run consume -- <topic>` starts Kafka, and prints its address.',
    );
  const connection = kafkaConnection(process.env);
  const { events, bad } = readEventLines(await read(file), options.fill);
  if (bad.length > 0) {
    process.stderr.write(`${complaint(bad)}\n`);
    if (!options.skipBad)
      throw new UserFacingError(
        `Nothing was produced: ${count(bad.length, 'line')} of ${file} ${bad.length === 1 ? 'is' : 'are'} bad. ` +
          `Mend them, or leave them out by --skip-bad. The fields are ${fieldNames}; docs/plain-json.md says how they are written.`,
      );
  }
  const made = await ensureTopic(connection, topic, options.partitions);
  if (made && !json)
    print(`Topic ${topic} was made, with ${count(options.partitions, 'partition')}.`);
  const schemaId = registry === undefined ? undefined : await registerSchema(registry, topic);
  const messages = events.map((event) => ({
    key: Buffer.from(String(event.fields['user_id'])),
    value: encode(event, format, schemaId),
  }));
  const sent = await send(connection, topic, messages, undefined, signal);
  print(
    json
      ? JSON.stringify({ type: 'produced', topic, format, made, records: sent, bad: bad.length })
      : `${count(sent, 'event')} produced to topic ${topic}, as ${format}${schemaId === undefined ? '' : ` with schema ${schemaId}`}.`,
  );
  signal.throwIfAborted();
  return 0;
};
