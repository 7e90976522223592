import { join } from 'node:path';
import { UserFacingError } from '../../cli/terminal/user-facing-error.ts';
import { forgetfulJvmArgument, jvmArguments } from './cassandra-config.ts';
import { localDataCenter, startCassandraNode, version } from './cassandra-node.ts';
import { assertDiskSpace } from './disk-space.ts';
import { findJava } from './java.ts';
import { fetchArtifacts } from './maven.ts';
import { assertPortFree, freePorts } from './ports.ts';
import { runTool } from './run-tool.ts';
import type { ServerProcess } from './server-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

const localhost = '127.0.0.1';
/**
 * The default of `maxMutationSize`. It is half a commit log segment, and more than Lambda can deliver. Keyspaces refuses rows
 * above 1 MB, so that a local test must be able to meet a refusal too.
 */
export const defaultMaxMutationSize = '2MiB';
/** The disk space for a run of a few million events, in bytes. */
const diskSpace = 1.5e9;

export interface CassandraOptions {
  readonly port?: number;
  /** Encrypts connections, with a certificate for 127.0.0.1 and localhost. */
  readonly tls?: boolean;
  /** Requires a name and a password. */
  readonly password?: boolean;
  /**
   * Makes tables and acknowledged writes survive a kill. Without it a kill loses the tables and the last writes, as a single node has no
   * replica; writes are about twice as fast, and tables are made four times faster. Default false.
   */
  readonly durable?: boolean;
  /** The largest accepted write. Default `2MiB`. */
  readonly maxMutationSize?: string;
  /**
   * Further settings of cassandra.yaml, which win; a setting that is `undefined` is left out. Unknown settings stop the start.
   */
  readonly extraYaml?: Readonly<Record<string, unknown>>;
}

export interface CassandraServer extends AsyncDisposable {
  readonly contactPoints: readonly string[];
  readonly localDataCenter: string;
  /** The certificate that clients must trust, in PEM; null without `tls`. */
  readonly ca: string | null;
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly process: ServerProcess;
  /** Changes further settings of cassandra.yaml; they apply from the next restart on. */
  readonly configure: (extraYaml: Readonly<Record<string, unknown>>) => Promise<void>;
}

/**
 * Starts one node of Cassandra 5.0 with fresh data, on 127.0.0.1.
 * @throws {UserFacingError} where it cannot be started.
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
      jvm: durable ? jvmArguments : [...jvmArguments, forgetfulJvmArgument],
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

/** Makes a key store with the JDK's own tool. */
const makeKeyStore = async (folder: string, java: string) => {
  const tool = join(java, '..', 'keytool');
  const keytool = async (args: readonly string[]): Promise<string> => {
    try {
      return (await runTool(tool, args)).stdout;
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
