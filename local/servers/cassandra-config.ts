import { join } from 'node:path';

const perFlag = (option: string, ...values: readonly string[]): string[] =>
  values.flatMap((value) => [option, `${value}=ALL-UNNAMED`]);
const within = (module: string, ...packages: readonly string[]): string[] =>
  packages.map((name) => `${module}/${name}`);

/** The JVM options of Cassandra's own start script (conf/jvm17-server.options), and options for a fast start. */
export const jvmArguments: readonly string[] = [
  '-Xms512m',
  '-Xmx1g',
  '-XX:+UseG1GC',
  '-Djdk.attach.allowAttachSelf=true',
  ...perFlag('--add-exports', ...within('java.base', 'jdk.internal.misc', 'java.lang.ref')),
  ...perFlag(
    '--add-exports',
    'java.management.rmi/com.sun.jmx.remote.internal.rmi',
    'java.management/com.sun.jmx.remote.security',
    ...within('java.rmi', 'sun.rmi.registry', 'sun.rmi.server'),
    'java.sql/java.sql',
    'jdk.unsupported/sun.misc',
    'jdk.attach/sun.tools.attach',
    'jdk.compiler/com.sun.tools.javac.file',
  ),
  ...perFlag(
    '--add-opens',
    ...within(
      'java.base',
      'java.lang.module',
      'jdk.internal.loader',
      'jdk.internal.ref',
      'jdk.internal.reflect',
      'jdk.internal.math',
      'jdk.internal.module',
      'jdk.internal.util.jar',
      'sun.nio.ch',
      'java.io',
      'java.lang.reflect',
      'java.lang',
      'java.util',
      'java.nio',
    ),
    'jdk.management/com.sun.management.internal',
    'jdk.compiler/com.sun.tools.javac',
  ),
  '-Dio.netty.tryReflectionSetAccessible=true',
  '-Dcassandra-foreground=yes',
  // A single node has no other nodes to wait for: it starts in 6 s instead of 45.
  '-Dcassandra.skip_wait_for_gossip_to_settle=0',
  '-Dcassandra.ring_delay_ms=0',
  '-Dcassandra.superuser_setup_delay_ms=0',
  '-Dcassandra.shutdown_announce_in_ms=0',
];

/** The JVM option of a node that need not survive a kill: its schema stays in memory, so that tables are made four times faster. */
export const forgetfulJvmArgument = '-Dcassandra.test.flush_local_schema_changes=false';

/** The JVM options for several nodes on one machine: little memory, and cheap compilation for short lives. */
export const smallJvmArguments: readonly string[] = [
  ...jvmArguments.filter((argument) => !argument.startsWith('-Xm') && argument !== '-XX:+UseG1GC'),
  ...['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
];

export interface CassandraConfig {
  readonly folder: string;
  readonly address: string;
  /** The addresses of all nodes. */
  readonly seeds: readonly string[];
  readonly token: string;
  readonly port: number;
  readonly storagePort: number;
  readonly keyStore: {
    readonly path: string;
    readonly password: string;
    /** The server's certificate, in PEM. */
    readonly certificate: string;
  } | null;
  readonly password: boolean;
  readonly durable: boolean;
  readonly maxMutationSize: string;
  readonly extraYaml: Readonly<Record<string, unknown>>;
}

/** Writes cassandra.yaml as JSON, which is YAML. Unknown keys stop the start. */
export const cassandraYaml = (config: CassandraConfig): string => {
  const { folder, address, seeds, token, port, storagePort } = config;
  const { keyStore, password, durable, maxMutationSize, extraYaml } = config;
  return JSON.stringify(
    {
      cluster_name: 'local',
      num_tokens: 1,
      initial_token: token,
      // Nodes that begin together have nothing to stream from each other.
      auto_bootstrap: false,
      partitioner: 'org.apache.cassandra.dht.Murmur3Partitioner',
      seed_provider: [
        {
          class_name: 'org.apache.cassandra.locator.SimpleSeedProvider',
          parameters: [{ seeds: seeds.map((seed) => `${seed}:${storagePort}`).join(',') }],
        },
      ],
      listen_address: address,
      storage_port: storagePort,
      rpc_address: address,
      start_native_transport: true,
      native_transport_port: port,
      endpoint_snitch: 'SimpleSnitch',
      ...(durable
        ? { commitlog_sync: 'batch' }
        : { commitlog_sync: 'periodic', commitlog_sync_period: '10000ms' }),
      commitlog_segment_size: '16MiB',
      max_mutation_size: maxMutationSize,
      memtable_heap_space: '256MiB',
      memtable_offheap_space: '256MiB',
      concurrent_reads: 16,
      // With `batch`, each write waits for the disk: 128 concurrent writes are more than twice as fast as 16.
      concurrent_writes: durable ? 128 : 16,
      auto_snapshot: false,
      hinted_handoff_enabled: false,
      data_file_directories: [join(folder, 'data')],
      commitlog_directory: join(folder, 'commitlog'),
      hints_directory: join(folder, 'hints'),
      saved_caches_directory: join(folder, 'saved_caches'),
      cdc_raw_directory: join(folder, 'cdc_raw'),
      authenticator: password ? 'PasswordAuthenticator' : 'AllowAllAuthenticator',
      ...(keyStore === null
        ? {}
        : {
            client_encryption_options: {
              enabled: true,
              optional: false,
              keystore: keyStore.path,
              keystore_password: keyStore.password,
              store_type: 'PKCS12',
            },
          }),
      // The default provider comes with no Maven dependency.
      crypto_provider: [
        {
          class_name: 'org.apache.cassandra.security.JREProvider',
          parameters: [{ fail_on_missing_provider: 'false' }],
        },
      ],
      ...extraYaml,
    },
    null,
    2,
  );
};

export const logbackXml = `<configuration>
  <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level %date{ISO8601} %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="STDOUT"/></root>
</configuration>
`;
