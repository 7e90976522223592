import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Client, types } from 'cassandra-driver';
import { openClient, unreachable } from '../cli/target/cassandra-client.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { classify } from '../functions/ingest/cassandra/refusals/classify.ts';
import {
  type Environment,
  readSettings,
  type Settings,
} from '../functions/ingest/settings/read-settings.ts';
import { migrate, TablesDifferError } from '../functions/migrate/migrate.ts';
import { createTables } from '../schema/tables.ts';
import type { Servers } from './open-servers.ts';

/** A keyspace with the tables, and the settings by which the function reaches it. */
export interface Keyspace extends AsyncDisposable {
  readonly name: string;
  readonly environment: Environment;
  readonly config: Settings;
  /** A client that reads maps as Map: an object would lose the metadata key `__proto__`. */
  readonly client: Client;
  /** Streams every row of a query, page by page. */
  stream(query: string): AsyncIterable<types.Row>;
}

/**
 * The options of schema statements. The timeout is longer than a row's: a busy machine makes tables slowly, and a table of many
 * rows is dropped slowly.
 */
const ddl = { prepare: false, readTimeout: 60_000 };

/**
 * Makes a keyspace with a random name. Disposing closes the client, and drops the keyspace from an external cluster; a Cassandra
 * that was started here goes with all its data.
 * @param settings further environment variables of the function.
 * @param kept the name of a keyspace that is used as it is, or made where it is missing, and never dropped.
 * @throws {UserFacingError} where the cluster cannot be reached, or a kept keyspace has other tables.
 */
export const openKeyspace = async (
  { cassandra, externalCassandra }: Servers,
  settings: Partial<Environment> = {},
  kept?: string,
): Promise<Keyspace> => {
  const name = kept ?? `user_events_${randomBytes(4).toString('hex')}`;
  const environment: Environment = {
    ...cassandra,
    CASSANDRA_KEYSPACE: name,
    CONSUMER_GROUP_ID: name,
    ...settings,
  };
  const config = readSettings(environment);
  const client = await openClient(config);
  try {
    if (kept === undefined || !(await hasKeyspace(client, name)))
      await client.execute(
        `CREATE KEYSPACE ${name} WITH replication = ` +
          `{'class': 'NetworkTopologyStrategy', '${config.localDataCenter}': ${Math.min(client.hosts.length, 3)}}`,
        [],
        ddl,
      );
    if (kept === undefined)
      for (const table of createTables(config))
        await client.execute(table.replace(/(?<=EXISTS )/, `${name}.`), [], ddl);
    else
      await migrate((_, query, values = []) => client.execute(query, values, ddl), {
        keyspace: name,
        replication: null,
        statements: createTables(config),
      });
  } catch (error) {
    await client.shutdown().catch(() => {});
    throw error instanceof TablesDifferError
      ? new UserFacingError(
          `${error.message}\nName another keyspace, or give the settings with which these tables were made.`,
        )
      : unreachable(config, error);
  }
  return {
    name,
    environment,
    config,
    client,
    // The driver declares an EventEmitter, and returns a Readable of rows.
    stream: (query) => client.stream(query, [], { prepare: false, fetchSize: 5_000 }) as Readable,
    async [Symbol.asyncDispose]() {
      try {
        if (externalCassandra && kept === undefined)
          await client.execute(`DROP KEYSPACE ${name}`, [], ddl).catch((error) => {
            throw new UserFacingError(
              `Keyspace ${name} could not be dropped (${classify(error, 'dropping it').message}): drop it yourself.`,
              { cause: error },
            );
          });
      } finally {
        await client.shutdown();
      }
    },
  };
};

const hasKeyspace = async (client: Client, name: string): Promise<boolean> => {
  const query = 'SELECT keyspace_name FROM system_schema.keyspaces WHERE keyspace_name = ?';
  // The name of an unquoted keyspace is in lower case.
  return (await client.execute(query, [name.toLowerCase()], ddl)).rowLength > 0;
};
