import { quitWhile } from '../cli/terminal/quit-while.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import type { Environment } from '../functions/ingest/settings/read-settings.ts';
import { startCassandra } from './servers/cassandra.ts';
import { startKafka } from './servers/kafka.ts';
import { assertPortFree } from './servers/ports.ts';

/** The addresses of Kafka and Cassandra, which were started here or are external. */
export interface Servers extends AsyncDisposable {
  readonly bootstrapServers: readonly string[];
  /** The environment variables by which the function and every client here reach Cassandra. */
  readonly cassandra: Omit<Environment, 'CASSANDRA_KEYSPACE' | 'CONSUMER_GROUP_ID'>;
  /** True for an external Cassandra, where no data may be left behind. */
  readonly externalCassandra: boolean;
  /** True for an external Kafka. */
  readonly externalKafka?: boolean;
}

export interface ServersOptions {
  /** The port of Kafka; by default a free one. */
  readonly kafkaPort?: number | undefined;
  readonly cassandraPort?: number | undefined;
  /** False where Kafka is not needed. Default true. */
  readonly kafka?: boolean;
  /** Called before a step that takes some time. */
  readonly onStep?: (step: string) => void;
  /** Ends this program when it is aborted while servers start. */
  readonly signal?: AbortSignal;
}

const external = (name: string): string | undefined => process.env[name]?.trim() || undefined;

/**
 * Starts the servers that the environment does not name. KAFKA_BOOTSTRAP_SERVERS and CASSANDRA_CONTACT_POINTS (with the other
 * CASSANDRA_ variables of the function) name external servers. Disposing stops the started servers.
 * @throws {UserFacingError} where a server cannot be started.
 */
export const openServers = async (options: ServersOptions = {}): Promise<Servers> => {
  const { kafkaPort, cassandraPort, kafka = true, onStep = () => {}, signal } = options;
  const externalKafka = external('KAFKA_BOOTSTRAP_SERVERS');
  const externalCassandra = external('CASSANDRA_CONTACT_POINTS');
  const started = new AsyncDisposableStack();
  try {
    const starting = [
      ...(kafka && externalKafka === undefined ? ['Kafka'] : []),
      ...(externalCassandra === undefined ? ['Cassandra'] : []),
    ];
    await assertPortsFree(
      externalKafka === undefined && kafka ? kafkaPort : undefined,
      externalCassandra === undefined ? cassandraPort : undefined,
    );
    if (starting.length > 0)
      onStep(`Starting ${starting.join(' and ')} (the first time Maven fetches them) …`);
    // Both start at once. When one fails, the other is awaited too, so that it can be stopped.
    const [broker, node] = await quitWhile(signal, () =>
      Promise.allSettled([
        kafka && externalKafka === undefined ? startKafka(portOf(kafkaPort)) : null,
        externalCassandra === undefined ? startCassandra(portOf(cassandraPort)) : null,
      ]),
    );
    for (const result of [broker, node])
      if (result.status === 'fulfilled' && result.value !== null) started.use(result.value);
    for (const result of [broker, node]) if (result.status === 'rejected') throw result.reason;
    const startedKafka = broker.status === 'fulfilled' ? broker.value : null;
    const startedCassandra = node.status === 'fulfilled' ? node.value : null;
    return {
      bootstrapServers:
        startedKafka?.bootstrapServers ?? (externalKafka ?? '').split(',').filter(Boolean),
      cassandra:
        startedCassandra === null
          ? externalCassandraEnvironment()
          : {
              CASSANDRA_CONTACT_POINTS: startedCassandra.contactPoints.join(','),
              CASSANDRA_LOCAL_DATACENTER: startedCassandra.localDataCenter,
              CASSANDRA_TLS: 'off',
            },
      externalCassandra: externalCassandra !== undefined,
      externalKafka: externalKafka !== undefined,
      [Symbol.asyncDispose]: () => started.disposeAsync(),
    };
  } catch (error) {
    await started.disposeAsync();
    throw error;
  }
};

/** Checks the ports of both servers before one of them is started. */
const assertPortsFree = async (
  kafkaPort: number | undefined,
  cassandraPort: number | undefined,
): Promise<void> => {
  if (kafkaPort !== undefined && kafkaPort === cassandraPort)
    throw new UserFacingError(
      `--kafka-port and --cassandra-port are both ${kafkaPort}. Give two different ports.`,
    );
  if (kafkaPort !== undefined) await assertPortFree(kafkaPort, '--kafka-port');
  if (cassandraPort !== undefined) await assertPortFree(cassandraPort, '--cassandra-port');
};

const portOf = (port: number | undefined): { port?: number } =>
  port === undefined ? {} : { port };

/** Passes on the function's own variables unchanged; the function checks them. */
export const externalCassandraEnvironment = (): Servers['cassandra'] => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name.startsWith('CASSANDRA_') && name !== 'CASSANDRA_KEYSPACE',
    ),
  ),
  CASSANDRA_CONTACT_POINTS: external('CASSANDRA_CONTACT_POINTS') ?? '',
  CASSANDRA_LOCAL_DATACENTER: external('CASSANDRA_LOCAL_DATACENTER') ?? '',
});
