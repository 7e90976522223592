import { randomBytes } from 'node:crypto';
import { Client, type types } from 'cassandra-driver';
import { type Config, readConfig } from '../../functions/ingest/config.ts';
import { createTables } from '../../schema/tables.ts';
import { testEnvironment } from './test-environment.ts';

export interface TestKeyspace extends AsyncDisposable {
  readonly name: string;
  /** The function's settings for it. */
  readonly config: Config;
  /** The environment variables that say the same. */
  readonly environment: Record<string, string>;
  rows(query: string): Promise<types.Row[]>;
}

/** A keyspace of a random name with the three tables, on the test run's Cassandra; dropped when disposed of. */
export const openKeyspace = async (
  settings: Record<string, string> = {},
): Promise<TestKeyspace> => {
  const { contactPoints, localDataCenter } = testEnvironment();
  const name = `test_${randomBytes(8).toString('hex')}`;
  const environment = {
    CASSANDRA_CONTACT_POINTS: contactPoints.join(','),
    CASSANDRA_LOCAL_DATACENTER: localDataCenter,
    CASSANDRA_KEYSPACE: name,
    CASSANDRA_TLS: 'off',
    CONSUMER_GROUP_ID: `group-${name}`,
    ...settings,
  };
  const config = readConfig(environment);
  const client = new Client({
    contactPoints,
    localDataCenter,
    encoding: { map: Map },
  });
  await client.execute(
    `CREATE KEYSPACE ${name} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  );
  for (const table of createTables(config))
    await client.execute(table.replace('EXISTS ', `EXISTS ${name}.`));
  return {
    name,
    config,
    environment,
    rows: async (query) => (await client.execute(query)).rows,
    async [Symbol.asyncDispose]() {
      await client.execute(`DROP KEYSPACE ${name}`);
      await client.shutdown();
    },
  };
};
