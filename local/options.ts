import { Option } from 'commander';
import { scriptCommand } from '../cli/terminal/command.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { type FormatName, formats } from './dataset/formats.ts';

/** The options of `npm start`. */
export interface StartOptions {
  readonly events: number;
  readonly partitions: number;
  readonly seed: number;
  readonly format: FormatName;
  readonly rate?: number;
  readonly follow: boolean;
  readonly batchSize: number;
  readonly kafkaPort?: number;
  readonly cassandraPort?: number;
  /** Whether the servers and rows are kept after a run until Enter or Ctrl-C; undefined: where a terminal watches. */
  readonly keep?: boolean;
  readonly json: boolean;
}

/** The events of a round with --follow, in seconds of its rate. */
const roundSeconds = 5;
/** The events a second with --follow, unless a rate is given. */
export const followRate = 200;

/** Reads the command line. Prints help, or the mistakes in it, and exits. */
export const readOptions = (argv: readonly string[]): StartOptions => {
  const command = startCommand();
  const options = command.parse(argv).opts<StartOptions>();
  if (!options.follow || command.getOptionValueSource('events') !== 'default') return options;
  return { ...options, events: (options.rate ?? followRate) * roundSeconds };
};

const startCommand = () =>
  scriptCommand({
    name: 'start',
    does:
      'Produces user events to a real Kafka, runs them through the function into a real Cassandra, and compares every ' +
      'row with the expected one. Starts both servers, or uses those that KAFKA_BOOTSTRAP_SERVERS and ' +
      'CASSANDRA_CONTACT_POINTS (with CASSANDRA_LOCAL_DATACENTER, …) name.',
    takes:
      'about a minute; the first time also the minutes in which packages and servers are fetched',
  })
    .option(
      '--events <n>',
      'events to produce; with --follow, events a round (there by default those of 5 seconds)',
      wholeNumber(1, 100_000_000),
      100_000,
    )
    .option('--partitions <n>', 'partitions of the topic', wholeNumber(1, 1_000), 6)
    .option('--seed <n>', 'the same seed makes the same events', wholeNumber(0, 2 ** 31 - 1), 1)
    .addOption(
      new Option('--format <format>', 'the wire format of the events')
        .choices(Object.keys(formats))
        .default('avro'),
    )
    .option(
      '--rate <n>',
      'events a second (default: as fast as it goes; 200 with --follow)',
      wholeNumber(1, 1_000_000),
    )
    .option('--follow', 'go on, round after round, until stopped by Ctrl-C', false)
    .option(
      '--batch-size <n>',
      'records of one invocation at the most',
      wholeNumber(1, 10_000),
      1_000,
    )
    .option(
      '--kafka-port <port>',
      'where Kafka listens (default: a free port)',
      wholeNumber(1, 65_535),
    )
    .option(
      '--cassandra-port <port>',
      'where Cassandra listens (default: a free port)',
      wholeNumber(1, 65_535),
    )
    .option('--keep', 'keep servers and rows until Enter or Ctrl-C (default: in a terminal)')
    .option('--no-keep', 'end at once after the comparison')
    .addOption(new Option('--json', 'print the report as JSON').default(false).conflicts('follow'));
