import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Client, type types } from 'cassandra-driver';
import { clientOptions } from '../functions/ingest/cassandra/connection/client-options.ts';
import { createLogins } from '../functions/ingest/cassandra/connection/logins.ts';
import { classify } from '../functions/ingest/cassandra/refusals/classify.ts';
import {
  type Environment,
  readSettings,
  type Settings,
} from '../functions/ingest/settings/read-settings.ts';
import { createTables } from '../schema/tables.ts';
import { LocalError } from './local-error.ts';
import type { Servers } from './open-servers.ts';

/** A keyspace with the three tables, and the settings by which the function reaches it. */
export interface Keyspace extends AsyncDisposable {
  readonly name: string;
  readonly environment: Environment;
  readonly config: Settings;
  /** Reads maps as Map: as an object, a metadata key `__proto__` would be lost. */
  readonly client: Client;
  /** Every row of a query, page by page. */
  stream(query: string): AsyncIterable<types.Row>;
}

/** Milliseconds, longer than a row's: a busy machine makes tables slowly, and many rows take long to drop. */
const ddl = { prepare: false, readTimeout: 60_000 };

/**
 * A new keyspace of a random name. Disposing closes the client, and drops the keyspace from a person's own cluster;
 * a Cassandra that was started here goes with all that is in it.
 * @param settings further environment variables of the function.
 * @throws {LocalError} where the cluster cannot be reached.
 */
export const openKeyspace = async (
  { cassandra, ownCassandra }: Servers,
  settings: Partial<Environment> = {},
): Promise<Keyspace> => {
  const name = `user_events_${randomBytes(4).toString('hex')}`;
  const environment: Environment = {
    ...cassandra,
    CASSANDRA_KEYSPACE: name,
    CONSUMER_GROUP_ID: name,
    ...settings,
  };
  const config = readSettings(environment);
  const { provider } = await createLogins(config, process.env).login();
  const client = new Client({ ...clientOptions(config, provider), encoding: { map: Map } });
  try {
    await client.connect();
    const replicas = Math.min(client.hosts.length, 3);
    await client.execute(
      `CREATE KEYSPACE ${name} WITH replication = ` +
        `{'class': 'NetworkTopologyStrategy', '${config.localDataCenter}': ${replicas}}`,
      [],
      ddl,
    );
    for (const table of createTables(config))
      await client.execute(table.replace(/(?<=EXISTS )/, `${name}.`), [], ddl);
  } catch (error) {
    await client.shutdown().catch(() => {});
    throw unreachable(config, error);
  }
  return {
    name,
    environment,
    config,
    client,
    // Declared as an EventEmitter, it is a Readable of rows.
    stream: (query) => client.stream(query, [], { prepare: false, fetchSize: 5_000 }) as Readable,
    async [Symbol.asyncDispose]() {
      try {
        if (ownCassandra) await client.execute(`DROP KEYSPACE ${name}`, [], ddl);
      } finally {
        await client.shutdown();
      }
    },
  };
};

const unreachable = ({ contactPoints }: Settings, error: unknown): LocalError =>
  new LocalError(
    `Cassandra at ${contactPoints.join(', ')} (CASSANDRA_CONTACT_POINTS) cannot be used: ` +
      `${classify(error, 'preparing a keyspace there').message}. Is it running, and are CASSANDRA_LOCAL_DATACENTER, ` +
      'CASSANDRA_TLS and CASSANDRA_AUTH right for it? Without CASSANDRA_CONTACT_POINTS one is started here.',
    { cause: error },
  );
