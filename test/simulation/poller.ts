import type { InvokeResult } from 'local-kafka-trigger';
import { type AssignedPartition, take } from 'local-kafka-trigger/mapping/assigned-partition.ts';
import {
  type BatchPart,
  type DeliveryPorts,
  deliver,
} from 'local-kafka-trigger/mapping/delivery.ts';
import { toSettings } from 'local-kafka-trigger/mapping/settings.ts';
import pLimit from 'p-limit';
import { createEnvironment, type Environment } from './environment.ts';
import { type Assigned, GroupPartition, isHeld } from './group-partition.ts';
import type { GivenPart } from './invocation.ts';
import type { Fate } from './oracle.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

interface Batched extends BatchPart {
  readonly partition: Assigned;
}

/** The records of one partition in an invocation. */
interface Part extends GivenPart {
  readonly assigned: Assigned;
}

/** A signal that is never aborted: nobody stops the mapping while a schedule runs. */
const stopping = new AbortController().signal;

/**
 * Runs the local event source mapping's own delivery in the simulated world, for a consumer group of several members. The plan cuts
 * batches of several partitions. Members are evicted, die or go on unaware, the group is set back, and the topic is re-created when it
 * has been read.
 * @returns whether everything was read.
 */
export const startPolling = (world: World): (() => boolean) => {
  const { plan, random, oracle, tables, counts } = world;
  const { settings, cuts } = plan;
  const mapping = mappingSettings(plan.settings);
  const limit = pLimit(Number.POSITIVE_INFINITY);
  const idle: Environment[] = [];
  let generation = 0;
  let turn = 0;
  let finished = false;
  let partitions = open(oracle.fates, generation);

  const dispatch = (): void => {
    for (;;) {
      const free = partitions.filter(({ assigned }) => !assigned.busy && assigned.records[0]);
      if (free.length === 0) break;
      const cut = cuts[turn % cuts.length] as (typeof cuts)[number];
      turn += 1;
      const taken = free.slice(0, cut.partitions);
      const each = Math.ceil(cut.records / taken.length);
      start(
        taken.map(({ assigned }) => {
          assigned.busy = true;
          const { identifier } = assigned;
          return { partition: assigned, identifier, records: take(assigned, each) };
        }),
      );
    }
    if (partitions.every(({ assigned }) => !assigned.busy)) nextGeneration();
  };

  const nextGeneration = (): void => {
    if (finished) return;
    if (generation + 1 === plan.generations.length) {
      finished = true;
      return;
    }
    generation += 1;
    counts.recreated += 1;
    world.tell(() => 'the topic is deleted, and created anew: its offsets begin at 0');
    partitions = open(oracle.fates, generation);
    dispatch();
  };

  const start = (batch: readonly Batched[]): void => {
    let invoked: readonly Part[] = [];
    let faults: readonly Fault[] = [];
    const ports: DeliveryPorts = {
      settings: {
        ...mapping,
        invoke: (eventJson) => {
          invoked = inEvent(batch, eventJson);
          faults = world.faults('invocation');
          return invoke(invoked, faults);
        },
        ...(Number.isFinite(settings.attempts) && {
          onFailure: ({ payload }) => giveUp(batch, inEvent(batch, payload)),
        }),
        loseCommit: () => {
          if (has(faults, 'poller restarts')) restart(invoked);
          return has(faults, 'poller restarts') || has(faults, 'commit lost');
        },
        onBatch: () => {
          const rewind = faults.find(({ kind }) => kind === 'rewind');
          if (rewind !== undefined) setBack(invoked, rewind.times);
          dispatch();
        },
      },
      limit,
      commit: async (offsets) => commit(batch, offsets),
      release: (assigned) => {
        assigned.busy = false;
      },
      stopping,
    };
    void deliver(ports, batch).then(dispatch);
  };

  const invoke = async (
    parts: readonly Part[],
    faults: readonly Fault[],
  ): Promise<InvokeResult> => {
    const number = counts.invocations;
    counts.invocations += 1;
    for (const fault of faults) world.happened(fault);
    for (const { assigned, fates } of parts)
      for (const { index } of fates) {
        if (index < assigned.of.delivered) counts.redelivered += 1;
        else assigned.of.delivered = index + 1;
      }
    world.tell(() => `invocation ${number} is given ${parts.map(named).join(', ')}`);

    const environment = idle.pop() ?? createEnvironment(world);
    const short = faults.find(({ kind }) => kind === 'short');
    const abandoned = Promise.withResolvers<InvokeResult>();
    const timers = faults.map((fault) =>
      setTimeout(() => {
        strike(fault, environment, number, parts);
        if (fault.kind === 'abandoned') abandoned.resolve(error);
      }, fault.ms),
    );
    const ended = environment.invoke(number, parts, short?.ms ?? settings.timeoutMs).then((end) => {
      for (const timer of timers) clearTimeout(timer);
      if (!environment.dead && environment.slowness === 0) idle.push(environment);
      return end;
    });
    const result = await Promise.race([ended, abandoned.promise]);
    if (!has(faults, 'response lost')) return result;
    world.tell(() => `invocation ${number}: its response is lost`);
    return error;
  };

  /** Carries out the faults of an invocation while it runs. */
  const strike = (
    { kind, ms }: Fault,
    environment: Environment,
    number: number,
    parts: readonly Part[],
  ): void => {
    if (kind === 'killed') environment.crash('the process is killed');
    if (kind === 'abandoned' || kind === 'rebalance') {
      counts.zombies += 1;
      environment.slowness = random.oneOf([
        0,
        random.between(1, 20),
        random.between(10, 100),
        random.between(50, 2_000),
      ]);
      for (const { partition } of parts) tables.overlap(partition);
    }
    if (kind === 'abandoned')
      world.tell(() => `invocation ${number}: its poller hears of an error, and it goes on`);
    if (kind !== 'evicted' && kind !== 'rebalance') return;
    const mine = parts.filter(isHeld);
    if (mine.length === 0) return;
    world.tell(
      () =>
        `another poller takes ${mine.map(named).join(', ')} of invocation ${number}, from the last commit`,
    );
    if (kind === 'evicted') environment.crash('the process is killed');
    for (const { assigned } of mine)
      assigned.of.handOver(
        kind === 'rebalance' && random.chance(5_000) ? random.between(0, 2 * ms + 2_000) : 0,
      );
    dispatch();
  };

  const restart = (parts: readonly Part[]): void => {
    world.tell(() => `the poller dies: ${parts.map(named).join(', ')} again from the last commit`);
    for (const { assigned } of parts.filter(isHeld)) assigned.of.handOver(0);
  };

  /** Commits a batch. The group refuses the commit of a former member. */
  const commit = (
    batch: readonly Batched[],
    offsets: ReadonlyMap<AssignedPartition, number>,
  ): void => {
    for (const { partition: assigned } of batch) {
      const offset = offsets.get(assigned);
      if (offset === undefined || !isHeld({ assigned })) continue;
      assigned.of.committed = offset;
      world.tell(() => `committed: ${assigned.identifier} before ${offset}`);
    }
  };

  const giveUp = (batch: readonly Batched[], parts: readonly Part[]): void => {
    world.tell(() => `the on-failure destination takes ${parts.map(named).join(', ')}`);
    for (const { assigned, fates } of parts) {
      // Only a record that the database cannot take holds up the later ones for so long.
      const isHeldUp = batch.some(
        ({ partition, records }) =>
          partition === assigned &&
          records.some((record) => fateOf(assigned, record.json).stream.tooLarge === 'everywhere'),
      );
      if (!isHeldUp)
        world.report('wrong', `${fates[0].name} and those behind it are given up without need`);
      for (const fate of fates) fate.givenUp = true;
      counts.givenUp += fates.length;
    }
  };

  /** Sets the group back by so many records in the partitions that the member still has. */
  const setBack = (parts: readonly Part[], records: number): void => {
    for (const { assigned } of parts.filter(isHeld)) {
      counts.rewinds += 1;
      world.tell(() => `the group is set back in ${assigned.identifier}, by ${records} records`);
      assigned.of.setBack(records);
    }
  };

  dispatch();
  return () => finished;
};

/** The poller's result for an invocation whose answer does not reach it. */
const error: InvokeResult = {
  kind: 'error',
  errorType: 'Error',
  errorMessage: 'the response is lost',
  cause: 'timeout',
};

const mappingSettings = ({ reading, bisect, attempts }: World['plan']['settings']) =>
  toSettings({
    connection: { bootstrapServers: [] },
    topic: 'events',
    consumerGroup: 'simulation',
    source: { kind: 'self-managed', bootstrapServers: '' },
    invoke: () => Promise.reject(new Error('each batch has its own')),
    partialFailures: reading,
    bisectBatchOnError: bisect,
    retryAttempts: Number.isFinite(attempts) ? attempts - 1 : -1,
    backoff: { firstMs: 100, maxMs: 60_000 },
  });

const open = (fates: readonly Fate[], generation: number): GroupPartition[] =>
  [
    ...Map.groupBy(
      fates.filter((fate) => fate.generation === generation),
      ({ partition }) => partition,
    ),
  ].map(([number, own]) => new GroupPartition(number, own));

/** Finds the fate of a record by its JSON text, which is its index in the partition. */
const fateOf = ({ of }: Assigned, json: string | number): Fate => of.fates[Number(json)] as Fate;

/** Lists the records of an event that was made from the batch. */
const inEvent = (batch: readonly Batched[], eventJson: string): Part[] => {
  const { records } = JSON.parse(eventJson) as { records: Record<string, number[]> };
  return batch.flatMap(({ partition: assigned, identifier }) => {
    const fates = (records[identifier] ?? []).map((index) => fateOf(assigned, index));
    const [first, ...others] = fates;
    return first === undefined
      ? []
      : [{ assigned, partition: assigned.of.number, fates: [first, ...others] }];
  });
};

const has = (faults: readonly Fault[], kind: Fault['kind']): boolean =>
  faults.some((fault) => fault.kind === kind);

const named = ({ partition, fates }: Part): string => {
  const [first, last] = [fates[0], fates.at(-1)];
  return `events-${partition} ${first.stream.record.offset}–${last?.stream.record.offset}`;
};
