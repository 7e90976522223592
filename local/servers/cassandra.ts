import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserFacingError } from '../user-facing-error.ts';
import { jvmArguments } from './cassandra-config.ts';
import { localDataCenter, startCassandraNode, version } from './cassandra-node.ts';
import { assertDiskSpace } from './disk-space.ts';
import { findJava } from './java.ts';
import { fetchArtifacts } from './maven.ts';
import { assertPortFree, freePorts } from './ports.ts';
import type { ServerProcess } from './server-process.ts';
import { temporaryFolder } from './watchdog.ts';

const localhost = '127.0.0.1';
/**
 * Half a commit log segment by default, more than Lambda can deliver; Keyspaces' rows stop at 1 MB, and so large a row
 * must meet a refusal here too.
 */
export const defaultMaxMutationSize = '2MiB';
/** Bytes that a run of a few million events takes. */
const diskSpace = 1.5e9;

export interface CassandraOptions {
  readonly port?: number;
  /** Encrypt, with a certificate of its own for 127.0.0.1 and localhost. */
  readonly tls?: boolean;
  /** Ask for a name and a password. */
  readonly password?: boolean;
  /**
   * Whether what was acknowledged survives a kill. Otherwise the last 100 ms before it are lost, which a single node has
   * no replica for; writes are about twice as fast. False unless given.
   */
  readonly durable?: boolean;
  /** The largest write that is taken, such as `2MiB`, which it is unless given. */
  readonly maxMutationSize?: string;
  /** Further settings of cassandra.yaml, which win; one that is `undefined` is left out. Unknown ones stop the start. */
  readonly extraYaml?: Readonly<Record<string, unknown>>;
}

export interface CassandraServer extends AsyncDisposable {
  readonly contactPoints: readonly string[];
  readonly localDataCenter: string;
  /** PEM of the certificate that clients must trust, with `tls`. */
  readonly ca: string | null;
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly process: ServerProcess;
  /** Further settings of cassandra.yaml beside those it was started with, from its next restart on. */
  readonly configure: (extraYaml: Readonly<Record<string, unknown>>) => Promise<void>;
}

/**
 * One node of Cassandra 5.0 with fresh data, on 127.0.0.1.
 * @throws {UserFacingError}
 */
export const startCassandra = async (options: CassandraOptions = {}): Promise<CassandraServer> => {
  const { tls = false, password = false, durable = false, extraYaml = {} } = options;
  const { maxMutationSize = defaultMaxMutationSize } = options;
  if (options.port !== undefined) await assertPortFree(options.port, '--cassandra-port');
  const java = await findJava();
  const library = await fetchArtifacts('cassandra', version, java);
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder('user-events-cassandra'));
  await assertDiskSpace(folder.path, diskSpace);

  const [storagePort = 0, port = options.port ?? 0] = await freePorts(
    options.port === undefined ? 2 : 1,
  );
  const keyStore = tls ? await makeKeyStore(folder.path, java) : null;
  const credentials = password ? { username: 'cassandra', password: 'cassandra' } : null;
  const node = resources.use(
    await startCassandraNode({
      name: 'Cassandra',
      java,
      library,
      jvm: jvmArguments,
      credentials,
      config: {
        folder: folder.path,
        address: localhost,
        seeds: [localhost],
        token: '0',
        port,
        storagePort,
        keyStore,
        password,
        durable,
        maxMutationSize,
        extraYaml,
      },
    }),
  );
  const owned = resources.move();
  return {
    contactPoints: [`${localhost}:${port}`],
    localDataCenter,
    ca: keyStore?.certificate ?? null,
    credentials,
    process: node.process,
    configure: node.configure,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/** A key store by the JDK's own tool. */
const makeKeyStore = async (folder: string, java: string) => {
  const tool = join(java, '..', 'keytool');
  const keytool = async (args: readonly string[]): Promise<string> => {
    try {
      return (await promisify(execFile)(tool, args)).stdout;
    } catch (error) {
      throw new UserFacingError(
        `The certificate could not be made by ${tool}. Set JAVA_HOME to a whole JDK 17.`,
        { cause: error },
      );
    }
  };
  const path = join(folder, 'keystore.p12');
  const store = [
    '-alias',
    'node',
    '-keystore',
    path,
    '-storetype',
    'PKCS12',
    '-storepass',
    'local1',
  ];
  await keytool([
    '-genkeypair',
    ...store,
    ...['-keyalg', 'RSA', '-validity', '30', '-dname', 'CN=localhost'],
    ...['-ext', 'SAN=ip:127.0.0.1,dns:localhost'],
  ]);
  const certificate = await keytool(['-exportcert', '-rfc', ...store]);
  return { path, password: 'local1', certificate };
};
