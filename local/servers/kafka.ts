import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Admin } from '@platformatic/kafka';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { assertDiskSpace } from './disk-space.ts';
import { findJava, temporariesIn } from './java.ts';
import { fetchArtifacts } from './maven.ts';
import { assertPortFree, freePorts } from './ports.ts';
import { runTool } from './run-tool.ts';
import { type ServerProcess, startFault, startServer } from './server-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const version = '4.3.1';
/** The disk space for a run of a few million events, in bytes. */
const diskSpace = 1e9;

export interface KafkaServer extends AsyncDisposable {
  readonly bootstrapServers: readonly string[];
  readonly process: ServerProcess;
}

/** The choices of a broker. */
interface KafkaOptions {
  readonly port?: number;
  /** Listeners besides the plain one: `SASL_SSL://127.0.0.1:9096`. */
  readonly listeners?: readonly string[];
  /** Properties besides the usual ones. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Further arguments of the tool that formats the data folder: users of SCRAM. */
  readonly format?: readonly string[];
}

/**
 * Starts one broker of Kafka 4.3 that is its own controller, with fresh data, on 127.0.0.1.
 * @throws {UserFacingError} where it cannot be started.
 */
export const startKafka = async (options: KafkaOptions = {}): Promise<KafkaServer> => {
  if (options.port !== undefined) await assertPortFree(options.port, '--kafka-port');
  const java = await findJava();
  const library = await fetchArtifacts('kafka', version, java);
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder('user-events-kafka'));
  await assertDiskSpace(folder.path, diskSpace);

  const [controllerPort = 0, port = options.port ?? 0] = await freePorts(
    options.port === undefined ? 2 : 1,
  );
  const properties = join(folder.path, 'server.properties');
  const own = serverProperties(port, controllerPort, join(folder.path, 'data'), options.listeners);
  await writeFile(properties, propertiesText({ ...own, ...options.properties }));
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
  await format(java, [
    ...temporariesIn(folder.path),
    ...['-cp', `${library}/*`, logging],
    'kafka.tools.StorageTool',
    ...['format', '-t', newClusterId(), '-c', properties, ...(options.format ?? [])],
  ]);
  const bootstrapServers = [`127.0.0.1:${port}`];
  const server = resources.use(
    await startServer({
      name: 'Kafka',
      java,
      library,
      arguments: [
        ...temporariesIn(folder.path),
        ...['-Xms256m', '-Xmx512m', logging, 'kafka.Kafka', properties],
      ],
      log: join(folder.path, 'log'),
      ready: () => answers(bootstrapServers),
    }),
  );
  const owned = resources.move();
  return {
    bootstrapServers,
    process: server,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/**
 * Makes a cluster id: 22 characters of base64url. The `k` keeps it from beginning with a dash, which Kafka's tools take for an
 * option.
 */
export const newClusterId = (): string => `k${randomBytes(16).toString('base64url').slice(1)}`;

/** Formats the data folder: a broker does not start on a folder without a cluster id. */
const format = async (java: string, args: readonly string[]): Promise<void> => {
  try {
    await runTool(java, args);
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new UserFacingError(startFault('Kafka', `${stdout}\n${stderr}`), { cause: error });
  }
};

const answers = async (bootstrapServers: readonly string[]): Promise<void> => {
  const admin = new Admin({
    clientId: 'ready',
    bootstrapBrokers: [...bootstrapServers],
    retries: 0,
    connectTimeout: 1000,
    timeout: 5000,
  });
  try {
    await admin.listTopics();
  } finally {
    await admin.close();
  }
};

const propertiesText = (properties: Readonly<Record<string, unknown>>): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

const serverProperties = (
  port: number,
  controllerPort: number,
  data: string,
  others: readonly string[] = [],
) => {
  const listeners = [`PLAINTEXT://127.0.0.1:${port}`, ...others];
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: [...listeners, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    'advertised.listeners': listeners.join(','),
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL',
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': data,
    // A producer that is not ours would wait for its topic without end, and tell no reason.
    'auto.create.topics.enable': true,
    'num.partitions': 6,
    'offsets.topic.num.partitions': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'group.initial.rebalance.delay.ms': 0,
    // After a kill the broker waits until its former session has timed out: 12.6 s by default, most of a restart.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
    'num.network.threads': 2,
    'num.io.threads': 2,
    'log.cleaner.dedupe.buffer.size': 2_097_152,
    // By default, records with a timestamp more than an hour ahead are refused; fast clocks are tested here.
    'log.message.timestamp.after.max.ms': '9223372036854775807',
    // Old records must outlive the run: by default a segment of old timestamps is deleted after 7 days.
    'log.retention.hours': -1,
  };
};
