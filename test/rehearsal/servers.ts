import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Client } from 'cassandra-driver';
import { type CassandraServer, startCassandra } from '../../local/servers/cassandra.ts';
import { startKafka } from '../../local/servers/kafka.ts';
import { exampleDatabase } from './before.ts';
import { root } from './prepare.ts';
import type { Database } from './stages.ts';

/** The Kafka and the Cassandra of a rehearsal. */
interface RehearsalServers {
  /** The address of the Kafka that replaces each MSK cluster, as host:port. */
  readonly brokers: string;
  /** The contents of the secret by which functions log in to Cassandra. */
  readonly login: { readonly username: string; readonly password: string };
  readonly database: Omit<Database, 'secretArn'>;
  readonly cassandra: Client;
}

/** Starts both servers, Cassandra with TLS and a password. @param folder the folder for its certificate. */
export const openServers = async (
  resources: AsyncDisposableStack,
  folder: string,
): Promise<RehearsalServers> => {
  const starting = [startKafka(), startCassandra({ tls: true, password: true })] as const;
  // If one server does not start, the other is awaited, so that it is closed too.
  for (const one of await Promise.allSettled(starting))
    if (one.status === 'fulfilled') resources.use(one.value);
  const [kafka, cassandra] = await Promise.all(starting);
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, cassandra.ca ?? '');
  const [, port] = (cassandra.contactPoints[0] ?? '').split(':');
  const client = clientOf(cassandra);
  resources.defer(() => client.shutdown());
  await client.connect();
  return {
    brokers: kafka.bootstrapServers[0] ?? '',
    login: cassandra.credentials ?? { username: '', password: '' },
    database: {
      // The emulator's functions find the names of this domain on this machine.
      contactPoint: `cassandra.rehearsal.test:${port}`,
      localDataCenter: cassandra.localDataCenter,
      caFile: relative(root, caFile),
    },
    cassandra: client,
  };
};

const clientOf = ({ contactPoints, localDataCenter, credentials, ca }: CassandraServer): Client =>
  new Client({
    contactPoints: [...contactPoints],
    localDataCenter,
    ...(credentials === null ? {} : { credentials }),
    sslOptions: { ca: [ca ?? ''] },
  });

/** The servers of scenarios that use neither. */
export const noServers: RehearsalServers = {
  brokers: 'kafka.example.org:9092',
  login: { username: 'nobody', password: 'nothing' },
  database: exampleDatabase,
  cassandra: new Client({ contactPoints: ['cassandra.example.org'], localDataCenter: 'none' }),
};
