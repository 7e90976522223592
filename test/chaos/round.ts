import { compare, type Difference } from '../../local/dataset/comparison.ts';
import { generate } from '../../local/dataset/generator.ts';
import { createRandom } from '../../local/dataset/random.ts';
import { startTimeOf } from '../../local/dataset/start-time.ts';
import type { EventSourceMappingOptions } from '../../local/event-source-mapping/options.ts';
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
import { openWorld, type World } from './world.ts';

export interface FaultReport {
  readonly kind: string;
  /** Seconds since the round began. */
  readonly at: number;
  /** Milliseconds from its beginning to its end. */
  readonly heldMs: number;
  /** Milliseconds from its end to the first report of a handled record. */
  readonly firstMs: number;
  /** Milliseconds from its end until all that was stored by then is committed. */
  readonly caughtUpMs: number;
  /** Invocations that did not succeed whole, until then. */
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
  /** Records delivered beyond the first time. */
  readonly duplicates: number;
  /** Records that the on-failure destination was given. */
  readonly toDestination: number;
  /** A fault could not be injected or ended, or was not recovered from: the servers are no more what they were. */
  readonly broken: boolean;
  /** What else was not as it must be. */
  readonly problems: readonly string[];
  /** The function's newest complaints. */
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
  /** Where the function finds Cassandra; there, unless given. */
  readonly through?: string;
  /** Waits until Cassandra is what it was before the faults. */
  readonly whole?: () => Promise<void>;
  /** In their order. */
  readonly faults: readonly Fault<S>[];
  readonly scene: (base: Scene & { readonly keyspace: ChaosKeyspace }) => S;
  readonly mapping: Partial<EventSourceMappingOptions>;
  readonly largePoison: LargePoison;
}

const partitions = 4;
/** Records, between two poisonous ones: fewer than a batch has. */
const poisonEvery = 60;

/** One round: load and faults, one after the other, until all is committed; then every row is compared with the expected one. */
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
    // As infra/ deploys it, with retries enough for any fault here.
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

/** The destination is for what fits nowhere, and for what came behind that in a batch of its partition. */
const needless = (given: readonly (readonly string[])[], { unkeepable }: Ledger): string[] => {
  const wrong = given.filter(([first = '']) => !unkeepable.has(first));
  return wrong.map((part) => `given up without need: ${part.length} records from ${part[0]} on`);
};
