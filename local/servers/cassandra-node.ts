import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { auth, Client } from 'cassandra-driver';
import { type CassandraConfig, cassandraYaml, logbackXml } from './cassandra-config.ts';
import { temporariesIn } from './java.ts';
import { type ServerProcess, startServer } from './server-process.ts';

export const version = '5.0.8';
export const localDataCenter = 'datacenter1';

export interface NodeOptions {
  /** The node's name in messages. */
  readonly name: string;
  readonly java: string;
  /** The folder of Cassandra's jars. */
  readonly library: string;
  readonly jvm: readonly string[];
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly config: CassandraConfig;
}

export interface CassandraNode extends AsyncDisposable {
  readonly process: ServerProcess;
  /** Changes further settings of cassandra.yaml; they apply from the next restart on. */
  readonly configure: (extraYaml: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** Starts one node's process in the folder of its configuration. The node is ready when a client can log in and query it. */
export const startCassandraNode = async (options: NodeOptions): Promise<CassandraNode> => {
  const { name, java, library, jvm, config } = options;
  const { folder } = config;
  const yaml = join(folder, 'cassandra.yaml');
  const logback = join(folder, 'logback.xml');
  const configure = (extraYaml: Readonly<Record<string, unknown>>): Promise<void> =>
    writeFile(yaml, cassandraYaml({ ...config, extraYaml: { ...config.extraYaml, ...extraYaml } }));
  await configure({});
  await writeFile(logback, logbackXml);
  const process = await startServer({
    name,
    java,
    library,
    arguments: [
      ...jvm,
      ...temporariesIn(folder),
      `-Dcassandra.config=${pathToFileURL(yaml)}`,
      `-Dcassandra.storagedir=${folder}`,
      `-Dlogback.configurationFile=${logback}`,
      'org.apache.cassandra.service.CassandraDaemon',
    ],
    log: join(folder, 'log'),
    ready: () => answers(options),
  });
  return { process, configure, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
};

const answers = async ({ config, credentials }: NodeOptions): Promise<void> => {
  const { address, port, keyStore } = config;
  const client = new Client({
    contactPoints: [`${address}:${port}`],
    localDataCenter,
    // The client must reach this node, not another that the node knows of.
    isMetadataSyncEnabled: false,
    ...(keyStore === null
      ? {}
      : { sslOptions: { ca: keyStore.certificate, rejectUnauthorized: true } }),
    ...(credentials === null
      ? {}
      : {
          authProvider: new auth.PlainTextAuthProvider(credentials.username, credentials.password),
        }),
  });
  try {
    await client.execute('SELECT release_version FROM system.local');
  } finally {
    await client.shutdown();
  }
};
