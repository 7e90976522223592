import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Admin } from '@platformatic/kafka';
import { UserFacingError } from '../user-facing-error.ts';
import { assertDiskSpace } from './disk-space.ts';
import { findJava } from './java.ts';
import { fetchArtifacts } from './maven.ts';
import { assertPortFree, freePorts } from './ports.ts';
import { type ServerProcess, startFault, startServer } from './server-process.ts';
import { temporaryFolder } from './watchdog.ts';

const version = '4.3.1';
/** The disk space for a run of a few million events, in bytes. */
const diskSpace = 1e9;

export interface KafkaServer extends AsyncDisposable {
  readonly bootstrapServers: readonly string[];
  readonly process: ServerProcess;
}

/**
 * Starts one broker of Kafka 4.3 that is its own controller, with fresh data, on 127.0.0.1.
 * @throws {UserFacingError} where it cannot be started.
 */
export const startKafka = async (options: { port?: number } = {}): Promise<KafkaServer> => {
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
  await writeFile(properties, serverProperties(port, controllerPort, join(folder.path, 'data')));
  const run = ['-cp', `${library}/*`, '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
  await format(java, [
    ...run,
    'kafka.tools.StorageTool',
    ...['format', '-t', newClusterId(), '-c', properties],
  ]);
  const bootstrapServers = [`127.0.0.1:${port}`];
  const server = resources.use(
    await startServer({
      name: 'Kafka',
      java,
      arguments: ['-Xms256m', '-Xmx512m', ...run, 'kafka.Kafka', properties],
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
    await promisify(execFile)(java, args);
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

const serverProperties = (port: number, controllerPort: number, data: string): string =>
  Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
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
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
