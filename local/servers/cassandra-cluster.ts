import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, types } from 'cassandra-driver';
import { defaultMaxMutationSize } from './cassandra.ts';
import { smallJvmArguments } from './cassandra-config.ts';
import { localDataCenter, startCassandraNode, version } from './cassandra-node.ts';
import { assertDiskSpace } from './disk-space.ts';
import { findJava } from './java.ts';
import { fetchArtifacts } from './maven.ts';
import { freePorts } from './ports.ts';
import type { ServerProcess } from './server-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Three nodes, each with every row of a keyspace with three replicas: any two are a quorum. */
export interface CassandraCluster extends AsyncDisposable {
  readonly contactPoints: readonly string[];
  readonly localDataCenter: string;
  readonly nodes: readonly [ServerProcess, ServerProcess, ServerProcess];
  /** Waits until each node gets answers from all others: a restarted node may answer clients before the others talk to it. */
  readonly whole: () => Promise<void>;
}

/** The nodes' addresses. Linux answers on all of 127/8; elsewhere the loopback interface must be given them first. */
const addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'] as const;
/** The nodes' tokens: a third of the ring each. */
const tokens = ['-9223372036854775808', '-3074457345618258603', '3074457345618258602'] as const;
/** The free disk space that the cluster needs, in bytes. */
const diskSpace = 3e9;

/**
 * Starts three nodes of Cassandra 5.0 with fresh data and small heaps, on 127.0.0.1, .2 and .3. Acknowledged writes survive a
 * kill of any node.
 * @throws {UserFacingError} where a node cannot be started.
 */
export const startCassandraCluster = async (): Promise<CassandraCluster> => {
  const java = await findJava();
  const library = await fetchArtifacts('cassandra', version, java);
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder('user-events-cassandra-cluster'));
  await assertDiskSpace(folder.path, diskSpace);
  const [storagePort = 0, port = 0] = await freePorts(2);

  const begin = async (index: 0 | 1 | 2) => {
    const own = join(folder.path, `${index + 1}`);
    await mkdir(own);
    return startCassandraNode({
      name: `Cassandra ${index + 1}`,
      java,
      library,
      jvm: smallJvmArguments,
      credentials: null,
      config: {
        folder: own,
        address: addresses[index],
        seeds: addresses,
        token: tokens[index],
        port,
        storagePort,
        keyStore: null,
        password: false,
        durable: true,
        maxMutationSize: defaultMaxMutationSize,
        extraYaml: {
          commitlog_segment_size: '8MiB',
          memtable_heap_space: '96MiB',
          memtable_offheap_space: '96MiB',
        },
      },
    });
  };
  // The nodes start at once. When one fails, the others are awaited too, so that they can be stopped.
  const begun = await Promise.allSettled([begin(0), begin(1), begin(2)]);
  for (const node of begun) if (node.status === 'fulfilled') resources.use(node.value);
  const [one, two, three] = begun.map((node) => {
    if (node.status === 'rejected') throw node.reason;
    return node.value.process;
  }) as [ServerProcess, ServerProcess, ServerProcess];
  for (const address of addresses) await isWhole(`${address}:${port}`);
  const owned = resources.move();
  return {
    contactPoints: addresses.map((address) => `${address}:${port}`),
    localDataCenter,
    nodes: [one, two, three],
    whole: async () => {
      for (const address of addresses) await isWhole(`${address}:${port}`);
    },
    [Symbol.asyncDispose]: async () => {
      // The data is not needed any more, and an orderly end takes as long as a start.
      await Promise.all([one, two, three].map((node) => node.kill()));
      await owned.disposeAsync();
    },
  };
};

const wholeWithinMs = 60_000;

const isWhole = async (contactPoint: string): Promise<void> => {
  const deadline = Date.now() + wholeWithinMs;
  for (;;) {
    const client = new Client({
      contactPoints: [contactPoint],
      localDataCenter,
      isMetadataSyncEnabled: false,
    });
    try {
      // The query reads a keyspace of Cassandra's own with three replicas.
      await client.execute('SELECT view_name FROM system_distributed.view_build_status', [], {
        consistency: types.consistencies.all,
      });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(100);
    } finally {
      await client.shutdown();
    }
  }
};
