import { type Command, Option } from 'commander';
import { scriptCommand } from '../cli/terminal/command.ts';
import { matchingText } from '../cli/terminal/matching-text.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { keyspaceName } from '../functions/ingest/settings/cassandra.ts';
import { consumerGroupName } from '../functions/ingest/settings/kafka.ts';
import { defaultKeyspace } from './hand-over.ts';
import type { ConsumeOptions } from './own-events/consume.ts';

/** The command that brings a topic into tables. */
export const consumeCommand = (
  run: (topic: string, options: ConsumeOptions) => Promise<void>,
): Command =>
  scriptCommand({
    name: 'consume',
    does:
      'Brings a topic into Cassandra, through the bundle that would be deployed and an event source mapping that runs here, ' +
      'and prints a line for each batch. Uses the servers that KAFKA_BOOTSTRAP_SERVERS (with KAFKA_TLS, KAFKA_SASL, ' +
      'KAFKA_USERNAME, KAFKA_PASSWORD) and CASSANDRA_CONTACT_POINTS (with CASSANDRA_LOCAL_DATACENTER, CASSANDRA_TLS, …) name, ' +
      'and starts those that are not named, which are fetched the first time. The function’s own settings count: ' +
      'OUT_OF_ORDERNESS_SECONDS, WIRE_FORMAT, SCHEMA_REGISTRY, …',
    takes:
      'as long as the topic goes on, or with --until-end about a second for 5,000 events; servers that are started take 20 seconds',
  })
    .argument('<topic>', 'the topic; a Kafka that is started here gets it')
    .addOption(
      new Option('--keyspace <name>', 'where the tables are, or are made')
        .env('CASSANDRA_KEYSPACE')
        .default(defaultKeyspace)
        .argParser(matchingText(keyspaceName)),
    )
    .addOption(
      new Option(
        '--group <name>',
        'the consumer group, which goes on where it stopped (default: user-events-<keyspace>)',
      )
        .env('CONSUMER_GROUP_ID')
        .argParser(matchingText(consumerGroupName)),
    )
    .addOption(
      new Option('--from <position>', 'where the group begins the first time')
        .choices(['earliest', 'latest'])
        .default('earliest'),
    )
    .option('--until-end', 'stop at what is the end of the topic now', false)
    .option('--batch-size <n>', 'records of a batch at the most', wholeNumber(1, 10_000), 1_000)
    .option(
      '--on-failure <folder>',
      'put batches that failed eleven times there, and go on; without it, batches are tried again without end',
    )
    .option('--partitions <n>', 'partitions of a topic that is made', wholeNumber(1, 1_000), 6)
    .option('--kafka-port <port>', 'where a started Kafka listens', wholeNumber(1, 65_535))
    .option('--cassandra-port <port>', 'where a started Cassandra listens', wholeNumber(1, 65_535))
    .option('--keep', 'keep started servers until Enter or Ctrl-C (default: in a terminal)')
    .option('--no-keep', 'end started servers at once')
    .option('--json', 'print JSON lines', false)
    .addHelpText(
      'after',
      `
It goes on until Ctrl-C, which lets the batch in flight finish; a second Ctrl-C
ends at once. Tables and the group's offsets stay on servers of your own.
Servers that were started here go with their data when the command ends.

Examples:
  npm run consume -- my-events
  npm run consume -- my-events --until-end --keyspace tried_out`,
    )
    .action(run);
