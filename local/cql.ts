import { type Command, Option } from 'commander';
import { rootMessage } from 'local-kafka-trigger/root-message.ts';
import { rowJson, rowsText } from '../cli/output/rows-text.ts';
import { openClient } from '../cli/target/cassandra-client.ts';
import { scriptCommand } from '../cli/terminal/command.ts';
import { matchingText } from '../cli/terminal/matching-text.ts';
import { print } from '../cli/terminal/print.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { keyspaceName } from '../functions/ingest/settings/cassandra.ts';
import { readSettings } from '../functions/ingest/settings/read-settings.ts';
import { defaultKeyspace } from './hand-over.ts';
import { externalCassandraEnvironment } from './open-servers.ts';

/** The most rows of a table. */
const pageSize = 1_000;

interface CqlOptions {
  readonly keyspace: string;
  readonly json: boolean;
}

/** The command that runs one CQL statement. */
export const cqlCommand = (
  run: (statement: string, options: CqlOptions) => Promise<void>,
): Command =>
  scriptCommand({
    name: 'cql',
    does:
      'Runs one CQL statement, and prints its rows. The Cassandra is the one that CASSANDRA_CONTACT_POINTS (with ' +
      'CASSANDRA_LOCAL_DATACENTER, CASSANDRA_TLS, …) names; consume and start print these variables.',
    takes: 'a second',
  })
    .argument('<statement>', 'the statement, in quotes')
    .addOption(
      new Option('--keyspace <name>', 'the keyspace of tables that the statement names without one')
        .env('CASSANDRA_KEYSPACE')
        .default(defaultKeyspace)
        .argParser(matchingText(keyspaceName)),
    )
    .option('--json', 'print a line of JSON for each row', false)
    .addHelpText(
      'after',
      `
Examples:
  npm run cql -- "SELECT * FROM user_events LIMIT 5"
  npm run cql -- "SELECT reason, detail, value FROM rejected_events LIMIT 5"`,
    )
    .action(run);

export const cql = async (
  _signal: AbortSignal,
  statement: string,
  { keyspace, json }: CqlOptions,
): Promise<number> => {
  if (!process.env['CASSANDRA_CONTACT_POINTS'])
    throw new UserFacingError(
      'CASSANDRA_CONTACT_POINTS must name a Cassandra, as `npm run consume` and `npm start` print it.',
    );
  const config = readSettings({
    ...externalCassandraEnvironment(),
    CASSANDRA_KEYSPACE: keyspace,
    CONSUMER_GROUP_ID: 'cql',
  });
  const client = await openClient(config, keyspace);
  try {
    const result = await client.execute(statement, [], { prepare: false, fetchSize: pageSize });
    if (json) for await (const row of result) print(rowJson(row));
    else if (result.columns === null) print('Done.');
    else {
      print(rowsText(result.rows));
      if (result.pageState !== null)
        print(`There are more than these ${pageSize} rows: narrow the statement, or use --json.`);
    }
    return 0;
  } catch (error) {
    throw new UserFacingError(`Cassandra refused the statement: ${rootMessage(error)}.`, {
      cause: error,
    });
  } finally {
    await client.shutdown();
  }
};
