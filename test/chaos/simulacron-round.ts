import { setTimeout as delay } from 'node:timers/promises';
import { insertCheckpoint } from '../../functions/ingest/cassandra/partition-watermarks.ts';
import { insertRejectedEvent } from '../../functions/ingest/cassandra/rejected-events.ts';
import { insertUserEvent } from '../../functions/ingest/cassandra/user-events.ts';
import { readConfig } from '../../functions/ingest/config.ts';
import type { Answer, Executed, Simulacron } from '../../local/servers/simulacron.ts';
import { generate } from '../../local/world/generator.ts';
import type { Random } from '../../local/world/random.ts';
import { startTimeOf } from '../../local/world/start-time.ts';
import { type At, at, createLedger, type Ledger } from './ledger.ts';
import { produceThroughFaults } from './load.ts';
import type { FaultReport, RoundReport } from './round.ts';
import { openWorld } from './world.ts';

export interface SimulacronRoundOptions {
  readonly seed: number;
  readonly short: boolean;
  readonly rate: number;
  readonly random: Random;
  readonly bootstrapServers: readonly string[];
  readonly bundle: string;
  readonly simulacron: Simulacron;
}

const partitions = 4;
const keyspace = 'simulated';

const answers: readonly Answer[] = [
  'write_timeout',
  'unavailable',
  'overloaded',
  'close_connection',
  { successAfterMs: 1_500 },
];

/** The time in which statements were answered so, wall clock; what came at its edges may have been answered either way. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * A server without a database: there is no table to compare. What it was asked says that every row was written at a time
 * when writes succeeded, and how often each was tried.
 */
export const runSimulacronRound = async (options: SimulacronRoundOptions): Promise<RoundReport> => {
  const { seed, short, rate, random, bootstrapServers, simulacron } = options;
  const environment = {
    CASSANDRA_CONTACT_POINTS: simulacron.contactPoints.join(','),
    CASSANDRA_LOCAL_DATACENTER: simulacron.localDataCenter,
    CASSANDRA_TLS: 'off',
    CASSANDRA_KEYSPACE: keyspace,
    CONSUMER_GROUP_ID: `simulated-${seed}-${Date.now()}`,
  };
  const queries = {
    event: insertUserEvent(keyspace, 'day'),
    rejected: insertRejectedEvent(keyspace),
    checkpoint: insertCheckpoint(keyspace),
  };
  const all = (answer: Answer): Promise<void> =>
    simulacron.answer(new Map(Object.values(queries).map((query) => [query, answer])));
  await all('success');
  await simulacron.forget();
  const problems: string[] = [];
  const faults: FaultReport[] = [];
  const windows: Window[] = [];
  const began = performance.now();
  await using world = await openWorld({
    bootstrapServers,
    partitions,
    bundle: options.bundle,
    environment,
    config: readConfig(environment),
    timeoutSeconds: short ? 20 : 60,
    mapping: { maximumRetryAttempts: 10_000, onError: () => {} },
  });
  const stop = new AbortController();
  const load = produceThroughFaults({
    bootstrapServers,
    topic: world.topic,
    partitions,
    rate: Math.min(rate, 200),
    signal: stop.signal,
    records: generate({
      seed,
      partitions,
      step: 1000 / rate,
      startTime: startTimeOf(Date.now(), 120_000),
    }),
    onProduced: world.produced,
    onError: () => {},
  });
  let broken = false;
  try {
    for (const answer of answers) {
      await world.invocation();
      const start = performance.now();
      const reported = world.reports.length;
      await all(answer);
      const from = Date.now();
      await delay(short ? 1_500 : random.between(2_000, 8_000));
      // A slow success is one.
      if (typeof answer === 'string') windows.push({ from, to: Date.now() });
      await all('success');
      const end = performance.now();
      await world.caughtUp();
      const after = world.reports.slice(reported);
      const first = after.find((one) => one.at > end && one.handled > 0);
      faults.push({
        kind: `Simulacron answers ${typeof answer === 'string' ? answer : 'slowly'}`,
        at: (start - began) / 1000,
        heldMs: end - start,
        firstMs: Math.max(0, (first?.at ?? end) - end),
        caughtUpMs: performance.now() - end,
        failedInvocations: after.filter(({ report }) => report.verdict.kind !== 'success').length,
      });
    }
    stop.abort();
    await load;
    await world.caughtUp();
  } catch (error) {
    broken = true;
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    stop.abort();
  }

  const ledger = createLedger(world.records, partitions, new Set());
  const writes = writesOf(await simulacron.executed(), queries);
  const lost = lostOf(ledger, world.records.map(at), writes, windows);
  problems.push(...excessive(writes, windows, world.delivered() / world.records.length));
  if (world.envelopes.length > 0) problems.push('something was given up without need');
  return {
    stage: 'simulacron',
    seed,
    strictness: 'exact',
    events: world.records.length,
    poison: 0,
    faults,
    judgement: {
      lost: lost.length,
      wrong: 0,
      wronglyLate: 0,
      tolerated: 0,
      inBoth: 0,
      examples: lost
        .slice(0, 8)
        .map((one) => `lost: ${one} was never written when writes succeeded`),
    },
    duplicates: world.delivered() - world.records.length,
    toDestination: 0,
    broken,
    problems,
    complaints: world.counts.complaints,
  };
};

/** Row key, or `partition@offset` of a rejection → when it was written, each time. */
type Writes = ReadonlyMap<string, readonly number[]>;

const writesOf = (
  executed: readonly Executed[],
  queries: { readonly event: string; readonly rejected: string },
): Writes => {
  const writes = new Map<string, number[]>();
  for (const { query, at: time, values } of executed) {
    const key =
      query === queries.event
        ? eventKey(values)
        : query === queries.rejected
          ? rejectedKey(values)
          : undefined;
    if (key === undefined) continue;
    const times = writes.get(key) ?? [];
    times.push(time);
    writes.set(key, times);
  }
  return writes;
};

const bytesOf = (values: Executed['values'], index: number): Buffer =>
  values[index] ?? Buffer.alloc(8);

/** user_id, bucket_date, event_time, event_type, … as truth.ts has a key. */
const eventKey = (values: Executed['values']): string => {
  const hex = bytesOf(values, 0).toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const day = bytesOf(values, 1).readUInt32BE() - 2 ** 31;
  return `${id} ${day} ${bytesOf(values, 2).readBigInt64BE()} ${bytesOf(values, 3).toString()}`;
};

/** topic, rejected_date, partition, offset, … */
const rejectedKey = (values: Executed['values']): At =>
  `${bytesOf(values, 2).readInt32BE()}@${bytesOf(values, 3).readBigInt64BE()}`;

/** Milliseconds: clocks of two processes, and an answer on its way. */
const edge = 100;

const lostOf = (
  { keys }: Ledger,
  records: readonly At[],
  writes: Writes,
  windows: readonly Window[],
): At[] => {
  const failed = (time: number): boolean =>
    windows.some(({ from, to }) => time > from + edge && time < to - edge);
  const succeeded = (key: string | undefined): boolean =>
    key !== undefined && writes.get(key)?.some((time) => !failed(time)) === true;
  return records.filter((one) => !succeeded(one) && !succeeded(keys.get(one)));
};

/**
 * How often one row may be tried: anew with each delivery, and in each window of errors a few times while the pauses grow,
 * then about once a second.
 */
const excessive = (writes: Writes, windows: readonly Window[], deliveries: number): string[] => {
  const seconds = windows.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0);
  const most = Math.ceil(deliveries) * (8 * windows.length + seconds);
  const worst = Math.max(0, ...[...writes.values()].map((times) => times.length));
  return worst > most ? [`a row was written ${worst} times; ${Math.round(most)} would do`] : [];
};
