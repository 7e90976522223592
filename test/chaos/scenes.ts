import type { Readable } from 'node:stream';
import { Client, type types } from 'cassandra-driver';
import { clientOptions } from '../../functions/ingest/cassandra/connection/client-options.ts';
import type { Environment, Settings } from '../../functions/ingest/settings/read-settings.ts';
import { openKeyspace } from '../../local/keyspace.ts';
import type { Servers } from '../../local/open-servers.ts';
import type { CassandraServer } from '../../local/servers/cassandra.ts';
import type { CassandraCluster } from '../../local/servers/cassandra-cluster.ts';
import type { KafkaServer } from '../../local/servers/kafka.ts';
import type { TcpProxy } from '../../local/servers/tcp-proxy.ts';
import type { Scene } from './fault.ts';

export interface OneNodeScene extends Scene {
  readonly kafka: KafkaServer;
  readonly cassandra: CassandraServer;
  /** The proxy between the function and Cassandra. Nobody else uses it. */
  readonly proxy: TcpProxy;
  readonly keyspace: ChaosKeyspace;
}

export interface ThreeNodesScene extends Scene {
  readonly cluster: CassandraCluster;
  readonly keyspace: ChaosKeyspace;
}

/** A keyspace with its tables and without a client: a client that lived through faults would be broken when it is needed. */
export interface ChaosKeyspace {
  readonly name: string;
  readonly environment: Environment;
  readonly config: Settings;
}

export const createKeyspace = async ({
  contactPoints,
  localDataCenter,
}: Pick<CassandraServer, 'contactPoints' | 'localDataCenter'>): Promise<ChaosKeyspace> => {
  const servers: Servers = {
    bootstrapServers: [],
    cassandra: {
      CASSANDRA_CONTACT_POINTS: contactPoints.join(','),
      CASSANDRA_LOCAL_DATACENTER: localDataCenter,
      CASSANDRA_TLS: 'off',
    },
    externalCassandra: false,
    [Symbol.asyncDispose]: async () => {},
  };
  await using keyspace = await openKeyspace(servers);
  const { name, environment, config } = keyspace;
  return { name, environment, config };
};

/** Opens a client for the time of its use. It reads maps as Map. */
export const withClient = async <T>(
  { config }: Pick<ChaosKeyspace, 'config'>,
  use: (client: Client) => Promise<T>,
): Promise<T> => {
  const options = clientOptions(config, null);
  const client = new Client({
    ...options,
    encoding: { map: Map },
    socketOptions: { ...options.socketOptions, readTimeout: 30_000 },
  });
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.shutdown();
  }
};

export const readerOf = (client: Client) => ({
  // The driver declares an EventEmitter, but the stream is a Readable of rows.
  stream: (query: string): AsyncIterable<types.Row> =>
    client.stream(query, [], { prepare: false, fetchSize: 2_000 }) as Readable,
});

export const dropKeyspace = (keyspace: ChaosKeyspace): Promise<void> =>
  withClient(keyspace, async (client) => {
    await client.execute(`DROP KEYSPACE ${keyspace.name}`, [], { prepare: false });
  });
