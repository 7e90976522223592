import { bundleFunction } from '../../local/bundle.ts';
import type { Random } from '../../local/dataset/random.ts';
import { type CassandraServer, startCassandra } from '../../local/servers/cassandra.ts';
import {
  type CassandraCluster,
  startCassandraCluster,
} from '../../local/servers/cassandra-cluster.ts';
import { type KafkaServer, startKafka } from '../../local/servers/kafka.ts';
import { type Simulacron, startSimulacron } from '../../local/servers/simulacron.ts';
import { startTcpProxy, type TcpProxy } from '../../local/servers/tcp-proxy.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import type { Fault, Scene } from './fault.ts';
import * as cassandraFaults from './faults/cassandra.ts';
import * as functionFaults from './faults/function.ts';
import * as kafkaFaults from './faults/kafka.ts';
import * as networkFaults from './faults/network.ts';
import { threeNodesFaults } from './faults/three-nodes.ts';
import { maxMutationSize } from './poison.ts';
import { type RoundOptions, type RoundReport, runRound } from './round.ts';
import type { OneNodeScene } from './scenes.ts';
import { runSimulacronRound } from './simulacron-round.ts';
import type { StageName } from './stage-names.ts';

type Given = Pick<RoundOptions<Scene>, 'seed' | 'short' | 'rate'> & {
  readonly random: Random;
};

/** The servers of all stages. Each is started when it is first needed, and keeps running. */
export interface Stages extends AsyncDisposable {
  play(stage: StageName, given: Given): Promise<RoundReport>;
}

/** The number of faults in a round. */
const faultsOfRound = 3;

/** The faults of one node, the five quickest first. */
const oneNodeFaults: readonly Fault<OneNodeScene>[] = [
  functionFaults.killed,
  cassandraFaults.stopped,
  cassandraFaults.evicted,
  networkFaults.cut,
  functionFaults.frozen,
  cassandraFaults.killed,
  networkFaults.dead,
  kafkaFaults.restarted,
  functionFaults.frozenWithin,
  cassandraFaults.throttled,
  networkFaults.slow,
  cassandraFaults.forgetful,
  kafkaFaults.responseLost,
  kafkaFaults.commitLost,
  kafkaFaults.duplicated,
];
const memberFaults: readonly Fault<Scene>[] = [kafkaFaults.zombie, kafkaFaults.crowded];

/** Draws the faults of a round. Rounds of consecutive seeds go through all of them, in an order drawn by the seed. */
const draw = <T>(kinds: readonly T[], { seed, random }: Given, count: number): T[] => {
  const drawn = Array.from({ length: count }, (_, n) => kinds[(seed * count + n) % kinds.length]);
  return drawn
    .map((kind) => ({ kind: kind as T, order: random.between(0, 1_000_000) }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ kind }) => kind);
};

export const openStages = async (onStep: (step: string) => void): Promise<Stages> => {
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await temporaryFolder('chaos-function'));
  const bundle = await bundleFunction(folder.path);
  const owned = opened.move();
  const once = <T extends AsyncDisposable>(name: string, start: () => Promise<T>) => {
    let started: Promise<T> | undefined;
    return (): Promise<T> => {
      if (started === undefined) {
        onStep(`Starting ${name} …`);
        started = start().then((server) => owned.use(server));
      }
      return started;
    };
  };
  const kafka = once<KafkaServer>('Kafka', () => startKafka());
  const cassandra = once<CassandraServer>('Cassandra', () =>
    startCassandra({ durable: true, maxMutationSize }),
  );
  const cluster = once<CassandraCluster>('three nodes of Cassandra', () => startCassandraCluster());
  const simulacron = once<Simulacron>('Simulacron', startSimulacron);
  const proxy = once<TcpProxy>('a proxy', async () =>
    startTcpProxy((await cassandra()).contactPoints[0] ?? ''),
  );

  const onOneNode = async (
    stage: StageName,
    given: Given,
    faults: readonly Fault<OneNodeScene>[],
    rules: Pick<RoundOptions<Scene>, 'strictness' | 'largePoison' | 'mapping'>,
  ): Promise<RoundReport> => {
    const [broker, node] = await Promise.all([kafka(), cassandra()]);
    const between = await proxy();
    return runRound<OneNodeScene>({
      ...given,
      ...rules,
      stage,
      faults,
      bundle,
      bootstrapServers: broker.bootstrapServers,
      cassandra: node,
      through: between.address,
      scene: (base) => ({ ...base, kafka: broker, cassandra: node, proxy: between }),
    });
  };

  const play = async (stage: StageName, given: Given): Promise<RoundReport> => {
    const { short } = given;
    const strict = { strictness: 'exact', largePoison: 'refused', mapping: {} } as const;
    switch (stage) {
      case 'one':
        return onOneNode(
          stage,
          given,
          draw(oneNodeFaults, given, short ? 5 : faultsOfRound),
          strict,
        );
      case 'members': {
        const faults = [...draw(memberFaults, given, short ? 1 : 2), functionFaults.killed];
        return onOneNode(stage, given, faults, { ...strict, strictness: 'zombies' });
      }
      case 'poison':
        return onOneNode(stage, given, [functionFaults.killed], {
          strictness: 'exact',
          largePoison: 'unkeepable',
          // The retries must suffice for an invocation that only a kill has ended.
          mapping: { retryAttempts: 4 },
        });
      case 'three': {
        const [broker, nodes] = await Promise.all([kafka(), cluster()]);
        return runRound({
          ...given,
          ...strict,
          // If a node has missed several large rows, a read repairs them by one write, which is too large itself.
          largePoison: 'none',
          stage,
          faults: draw(threeNodesFaults, given, short ? 1 : faultsOfRound),
          bundle,
          bootstrapServers: broker.bootstrapServers,
          cassandra: nodes,
          whole: nodes.whole,
          scene: (base) => ({ ...base, cluster: nodes }),
        });
      }
      case 'simulacron': {
        const [broker, fake] = await Promise.all([kafka(), simulacron()]);
        return runSimulacronRound({
          ...given,
          bundle,
          simulacron: fake,
          bootstrapServers: broker.bootstrapServers,
        });
      }
    }
  };
  return { play, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};
