import type { Environment } from '../functions/ingest/settings/read-settings.ts';
import { startCassandra } from './servers/cassandra.ts';
import { startKafka } from './servers/kafka.ts';

/** Where Kafka and Cassandra are: started here, or a person's own. */
export interface Servers extends AsyncDisposable {
  readonly bootstrapServers: readonly string[];
  /** What the function and every client here need to reach Cassandra. */
  readonly cassandra: Omit<Environment, 'CASSANDRA_KEYSPACE' | 'CONSUMER_GROUP_ID'>;
  /** Whether the Cassandra is a person's own, where nothing may be left behind. */
  readonly ownCassandra: boolean;
}

export interface ServersOptions {
  /** A free one unless given. */
  readonly kafkaPort?: number | undefined;
  readonly cassandraPort?: number | undefined;
  /** Whether Kafka is needed at all; true unless given. */
  readonly kafka?: boolean;
  /** Told what is about to be done, where it takes its time. */
  readonly onStep?: (step: string) => void;
  /** Aborted while servers start, it ends this program. */
  readonly signal?: AbortSignal;
}

const own = (name: string): string | undefined => process.env[name]?.trim() || undefined;

/**
 * Starts what the environment does not name: KAFKA_BOOTSTRAP_SERVERS and CASSANDRA_CONTACT_POINTS (with the other
 * CASSANDRA_ variables of the function) say where a person's own servers are. Disposing stops what was started.
 * @throws {UserFacingError} where a server cannot be started.
 */
export const openServers = async (options: ServersOptions = {}): Promise<Servers> => {
  const { kafkaPort, cassandraPort, kafka = true, onStep = () => {} } = options;
  const ownKafka = own('KAFKA_BOOTSTRAP_SERVERS');
  const ownCassandra = own('CASSANDRA_CONTACT_POINTS');
  const started = new AsyncDisposableStack();
  // What is only being started cannot be disposed of, and Maven may take minutes: the watchdog ends it all.
  const quit = (): void => {
    process.stderr.write('\nStopped.\n');
    process.exit(130);
  };
  options.signal?.addEventListener('abort', quit);
  try {
    const starting = [
      ...(kafka && ownKafka === undefined ? ['Kafka'] : []),
      ...(ownCassandra === undefined ? ['Cassandra'] : []),
    ];
    if (starting.length > 0)
      onStep(`Starting ${starting.join(' and ')} (the first time Maven fetches them) …`);
    // Both at once; when one fails the other is waited for, so that it is stopped too.
    const [broker, node] = await Promise.allSettled([
      kafka && ownKafka === undefined ? startKafka(portOf(kafkaPort)) : null,
      ownCassandra === undefined ? startCassandra(portOf(cassandraPort)) : null,
    ]);
    for (const result of [broker, node])
      if (result.status === 'fulfilled' && result.value !== null) started.use(result.value);
    for (const result of [broker, node]) if (result.status === 'rejected') throw result.reason;
    const startedKafka = broker.status === 'fulfilled' ? broker.value : null;
    const startedCassandra = node.status === 'fulfilled' ? node.value : null;
    return {
      bootstrapServers:
        startedKafka?.bootstrapServers ?? (ownKafka ?? '').split(',').filter(Boolean),
      cassandra:
        startedCassandra === null
          ? ownCassandraEnvironment()
          : {
              CASSANDRA_CONTACT_POINTS: startedCassandra.contactPoints.join(','),
              CASSANDRA_LOCAL_DATACENTER: startedCassandra.localDataCenter,
              CASSANDRA_TLS: 'off',
            },
      ownCassandra: ownCassandra !== undefined,
      [Symbol.asyncDispose]: () => started.disposeAsync(),
    };
  } catch (error) {
    await started.disposeAsync();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', quit);
  }
};

const portOf = (port: number | undefined): { port?: number } =>
  port === undefined ? {} : { port };

/** The function's own variables, as they are; the function checks them. */
const ownCassandraEnvironment = (): Servers['cassandra'] => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name.startsWith('CASSANDRA_') && name !== 'CASSANDRA_KEYSPACE',
    ),
  ),
  CASSANDRA_CONTACT_POINTS: own('CASSANDRA_CONTACT_POINTS') ?? '',
  CASSANDRA_LOCAL_DATACENTER: own('CASSANDRA_LOCAL_DATACENTER') ?? '',
});
