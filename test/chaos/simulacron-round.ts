import { setTimeout as delay } from 'node:timers/promises';
import { insertUserEvent } from '../../functions/ingest/cassandra/rows/event-rows.ts';
import { insertCheckpoint } from '../../functions/ingest/cassandra/rows/partition-watermarks.ts';
import { insertRejectedEvent } from '../../functions/ingest/cassandra/rows/rejected-events.ts';
import { readSettings } from '../../functions/ingest/settings/read-settings.ts';
import { generate } from '../../local/dataset/generator.ts';
import type { Random } from '../../local/dataset/random.ts';
import { startTimeOf } from '../../local/dataset/start-time.ts';
import type { Answer, Simulacron } from '../../local/servers/simulacron.ts';
import { layout } from '../support/events.ts';
import { at, createLedger } from './ledger.ts';
import { produceThroughFaults } from './load.ts';
import type { FaultReport, RoundReport } from './round.ts';
import { excessive, lostOf, type Window, writesOf } from './simulacron-writes.ts';
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

/**
 * Plays a round on a server without a database, so there is no table to compare. Its requests show that every row was written
 * at a time when writes succeeded, and how often each was tried.
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
    event: insertUserEvent(keyspace, layout),
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
    config: readSettings(environment),
    timeoutSeconds: short ? 20 : 60,
    mapping: { retryAttempts: 10_000, onError: () => {} },
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
      // A slow success is a success.
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
        failedInvocations: after.filter(({ report }) => report.judgement.kind !== 'success').length,
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
