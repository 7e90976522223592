import type { EventSourceMappingOptions } from 'local-kafka-trigger';
import { compare, type Difference } from '../../local/dataset/comparison.ts';
import { generate } from '../../local/dataset/generator.ts';
import { createRandom } from '../../local/dataset/random.ts';
import { startTimeOf } from '../../local/dataset/start-time.ts';
import type { Fault, Scene } from './fault.ts';
import { type Judgement, judgeDifferences, type Strictness } from './judgement.ts';
import { createLedger, destinationParts, type Ledger } from './ledger.ts';
import { produceThroughFaults } from './load.ts';
import { type LargePoison, withPoison } from './poison.ts';
import {
  type ChaosKeyspace,
  createKeyspace,
  dropKeyspace,
  readerOf,
  withClient,
} from './scenes.ts';
import { judgeByVerify } from './second-judge.ts';
import { openWorld, type World } from './world.ts';

export interface FaultReport {
  readonly kind: string;
  /** The time of the fault, in seconds since the round began. */
  readonly at: number;
  /** The milliseconds from the beginning of the fault to its end. */
  readonly heldMs: number;
  /** The milliseconds from the end of the fault to the first report of a handled record. */
  readonly firstMs: number;
  /** The milliseconds from the end of the fault until all records that were stored by then are committed. */
  readonly caughtUpMs: number;
  /** The number of invocations, until then, that failed in whole or in part. */
  readonly failedInvocations: number;
}

export interface RoundReport {
  readonly stage: string;
  readonly seed: number;
  readonly strictness: Strictness;
  readonly events: number;
  readonly poison: number;
  readonly faults: readonly FaultReport[];
  readonly judgement: Judgement;
  /** The number of redelivered records. */
  readonly duplicates: number;
  /** The number of records that the on-failure destination was given. */
  readonly toDestination: number;
  /** Whether a fault could not be injected, ended or recovered from: the servers cannot be used any more. */
  readonly broken: boolean;
  /** The other violations. */
  readonly problems: readonly string[];
  /** The newest warnings and errors of the function. */
  readonly complaints: readonly string[];
}

export interface RoundOptions<S extends Scene> {
  readonly stage: string;
  readonly seed: number;
  readonly short: boolean;
  readonly rate: number;
  readonly strictness: Strictness;
  readonly bootstrapServers: readonly string[];
  readonly bundle: string;
  readonly cassandra: {
    readonly contactPoints: readonly string[];
    readonly localDataCenter: string;
  };
  /** The address by which the function reaches Cassandra, if it is another one. */
  readonly through?: string;
  /** Waits until Cassandra is as before the faults. */
  readonly whole?: () => Promise<void>;
  /** The faults in their order. */
  readonly faults: readonly Fault<S>[];
  readonly scene: (base: Scene & { readonly keyspace: ChaosKeyspace }) => S;
  readonly mapping: Partial<EventSourceMappingOptions>;
  readonly largePoison: LargePoison;
}

const partitions = 4;
/** The number of records between two poisonous ones: fewer than a batch has. */
const poisonEvery = 60;

/** Plays a round: faults one after the other under load, until everything is committed. Then it compares every row with the expected one. */
export const runRound = async <S extends Scene>(options: RoundOptions<S>): Promise<RoundReport> => {
  const { stage, seed, short, strictness, bootstrapServers } = options;
  const random = createRandom(seed);
  const keyspace = await createKeyspace(options.cassandra);
  const faults: FaultReport[] = [];
  const problems: string[] = [];
  const began = performance.now();
  await using world = await openWorld({
    bootstrapServers,
    partitions,
    bundle: options.bundle,
    environment: {
      ...keyspace.environment,
      ...(options.through !== undefined && { CASSANDRA_CONTACT_POINTS: options.through }),
    },
    config: keyspace.config,
    timeoutSeconds: short ? 20 : 60,
    // The settings that infra/ deploys, with enough retries for any fault here.
    mapping: {
      retryAttempts: 10_000,
      bisectBatchOnError: true,
      ...options.mapping,
      onError: () => {},
    },
  });
  const scene = options.scene({ world, random, short, keyspace });
  const stop = new AbortController();
  const load = underLoad(world, options, stop.signal);
  let broken = false;
  try {
    for (const fault of options.faults) faults.push(await injectOne(fault, scene, began, problems));
    stop.abort();
    await load;
    await world.caughtUp();
    await options.whole?.();
  } catch (error) {
    broken = true;
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    stop.abort();
  }

  const given = destinationParts(world.envelopes);
  const destination = new Set(given.flat());
  const ledger = createLedger(world.records, partitions, destination);
  const differences: Difference[] = [];
  await withClient(keyspace, (client) =>
    compare({
      reader: readerOf(client),
      keyspace: keyspace.name,
      topic: world.topic,
      consumerGroup: world.consumerGroup,
      expectedTables: ledger.expectedTables,
      onDifference: (difference) => differences.push(difference),
    }),
  );
  problems.push(...needless(given, ledger));
  if (!broken) problems.push(...(await judgeByVerify(world, keyspace, options, strictness)));
  const { counts } = ledger.expectedTables;
  await dropKeyspace(keyspace);
  return {
    stage,
    seed,
    strictness,
    events: counts.produced,
    poison:
      counts.rejected.refused +
      counts.rejected.undecodable +
      counts.rejected.tombstone +
      ledger.unkeepable.size,
    faults,
    judgement: judgeDifferences(differences, ledger, destination, strictness),
    duplicates: world.delivered() - world.records.length,
    toDestination: destination.size,
    broken,
    problems,
    complaints: world.counts.complaints,
  };
};

const injectOne = async <S extends Scene>(
  fault: Fault<S>,
  scene: S,
  began: number,
  problems: string[],
): Promise<FaultReport> => {
  const { world } = scene;
  await world.invocation();
  const start = performance.now();
  const reported = world.reports.length;
  for (const problem of await fault.inject(scene)) problems.push(`${fault.kind}: ${problem}`);
  const end = performance.now();
  await world.caughtUp();
  const caughtUp = performance.now();
  const after = world.reports.slice(reported);
  const first = after.find((one) => one.at > end && one.handled > 0);
  return {
    kind: fault.kind,
    at: (start - began) / 1000,
    heldMs: end - start,
    firstMs: Math.max(0, (first?.at ?? end) - end),
    caughtUpMs: caughtUp - end,
    failedInvocations: after.filter(({ report }) => report.judgement.kind !== 'success').length,
  };
};

const underLoad = (
  world: World,
  options: Pick<RoundOptions<Scene>, 'seed' | 'rate' | 'largePoison' | 'bootstrapServers'>,
  signal: AbortSignal,
): Promise<void> => {
  const { seed, rate, largePoison, bootstrapServers } = options;
  const step = 1000 / rate;
  const records = generate({
    seed,
    partitions,
    step,
    startTime: startTimeOf(Date.now(), 120_000),
  });
  return produceThroughFaults({
    bootstrapServers,
    topic: world.topic,
    partitions,
    rate,
    signal,
    records: withPoison(records, createRandom(seed + 1), poisonEvery, largePoison),
    onProduced: world.produced,
    onError: () => {},
  });
};

/** Finds parts of the destination that were given up needlessly: they do not begin with an unkeepable record. */
const needless = (given: readonly (readonly string[])[], { unkeepable }: Ledger): string[] => {
  const wrong = given.filter(([first = '']) => !unkeepable.has(first));
  return wrong.map((part) => `given up without need: ${part.length} records from ${part[0]} on`);
};
