import {
  committableOffset,
  judgeResult,
  toRetry,
  type Verdict,
} from '../../local/event-source-mapping/batch-response.ts';
import type { InvokeResult } from '../../local/function/invoke-result.ts';
import { createEnvironment, type Environment } from './environment.ts';
import type { GivenPart } from './invocation.ts';
import type { Fate } from './oracle.ts';
import type { Fault } from './plan.ts';
import type { World } from './world.ts';

/** The group's state of a partition. Its positions are indices, not offsets. */
interface Partition {
  readonly number: number;
  readonly fates: readonly Fate[];
  /** The beginning of the next batch. */
  position: number;
  committed: number;
  /** The end of the furthest delivery. */
  delivered: number;
  /** The claim of the poller that has it; null while nothing of it is in flight. */
  claim: Claim | null;
}

/** A poller's claim to a partition, for the life of a batch. */
interface Claim {
  /** The time when the poller learns that another one has the partition, in milliseconds. */
  knowsAt: number;
}

interface Part {
  readonly partition: Partition;
  readonly claim: Claim;
  readonly fates: readonly Fate[];
  /** The end of the batch in the partition. */
  readonly end: number;
}

/** The pause before a batch's first retry, in milliseconds. It doubles with each retry up to a minute. */
const firstBackoff = 100;

/**
 * Runs the event source mapping. Batches have several partitions, one is in flight a partition, and each is retried until it has
 * succeeded or has no attempts left. There are rebalances, restarts and rewinds, and the topic is re-created when it has been read.
 * @returns whether everything was read.
 */
export const startPolling = (world: World): (() => boolean) => {
  const { plan, clock, random, oracle, tables, counts } = world;
  const { settings, cuts } = plan;
  const idle: Environment[] = [];
  let generation = 0;
  let turn = 0;
  let finished = false;
  let partitions = open(oracle.fates, generation);

  const isLost = ({ partition, claim }: Part): boolean => partition.claim !== claim;
  const isGone = (part: Part): boolean => isLost(part) && clock.now() >= part.claim.knowsAt;
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => void setTimeout(resolve, ms));

  const dispatch = (): void => {
    for (;;) {
      const free = partitions.filter(
        ({ claim, position, fates }) => claim === null && position < fates.length,
      );
      const cut = cuts[turn % cuts.length] as (typeof cuts)[number];
      if (free.length === 0) break;
      turn += 1;
      const take = free.slice(0, cut.partitions);
      const each = Math.ceil(cut.records / take.length);
      const parts = take.map((partition): Part => {
        const claim = { knowsAt: Number.POSITIVE_INFINITY };
        partition.claim = claim;
        const from = partition.position;
        const end = Math.min(partition.fates.length, from + each);
        partition.position = end;
        return { partition, claim, fates: partition.fates.slice(from, end), end };
      });
      void deliver(parts).then(() => {
        for (const part of parts) if (!isLost(part)) part.partition.claim = null;
        dispatch();
      });
    }
    if (
      partitions.every(({ claim, position, fates }) => claim === null && position === fates.length)
    )
      nextGeneration();
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

  const deliver = async (batch: readonly Part[]): Promise<void> => {
    let parts = batch;
    for (let attempt = 1; ; attempt += 1) {
      parts = parts.filter((part) => part.fates.length > 0 && !isGone(part));
      if (parts.length === 0) return;
      if (attempt > settings.attempts) {
        giveUp(parts);
        return;
      }
      const { verdict, faults } = await invokeOnce(parts);
      const before = parts;
      parts = parts.map((part) => retryOf(part, verdict, settings.reading));
      if (has(faults, 'poller restarts')) {
        world.tell(
          () => `the poller dies: ${before.map(named).join(', ')} again from the last commit`,
        );
        for (const part of before) if (!isLost(part)) handOver(part, 0);
      } else if (!has(faults, 'commit lost')) commit(parts);
      const rewind = faults.find(({ kind }) => kind === 'rewind');
      if (rewind !== undefined) setBack(before, rewind.times);

      const left = parts.flatMap(({ fates }) => fates).length;
      const split =
        settings.bisect === 'always' ||
        (settings.bisect === 'on error' && verdict.kind === 'whole');
      if (left > 0) await pause(backoff(attempt) * (1 - random.between(0, 500) / 1_000));
      if (split && left > 1) {
        for (const half of halves(parts, Math.ceil(left / 2))) await deliver(half);
        return;
      }
    }
  };

  const backoff = (attempt: number): number => Math.min(60_000, firstBackoff * 2 ** (attempt - 1));

  const invokeOnce = async (
    parts: readonly Part[],
  ): Promise<{ readonly verdict: Verdict; readonly faults: readonly Fault[] }> => {
    const number = counts.invocations;
    counts.invocations += 1;
    const faults = world.faults('invocation');
    for (const fault of faults) world.happened(fault);
    for (const { partition, fates } of parts)
      for (const { index } of fates) {
        if (index < partition.delivered) counts.redelivered += 1;
        else partition.delivered = index + 1;
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
    const given = parts.map(({ partition, fates }): GivenPart => {
      const [first, ...others] = fates as [Fate, ...Fate[]];
      return { partition: partition.number, fates: [first, ...others] };
    });
    const ended = environment.invoke(number, given, short?.ms ?? settings.timeoutMs).then((end) => {
      for (const timer of timers) clearTimeout(timer);
      if (!environment.dead && environment.slowness === 0) idle.push(environment);
      return end;
    });
    let result = await Promise.race([ended, abandoned.promise]);
    if (has(faults, 'response lost')) {
      world.tell(() => `invocation ${number}: its response is lost`);
      result = error;
    }
    const delivered = parts.map(({ partition, fates }) => ({
      identifier: `events-${partition.number}`,
      records: fates.map(({ stream }) => stream.record),
    }));
    return { verdict: judgeResult(result, delivered), faults };
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
      for (const { partition } of parts) tables.overlap(partition.number);
    }
    if (kind === 'abandoned')
      world.tell(() => `invocation ${number}: its poller hears of an error, and it goes on`);
    if (kind !== 'evicted' && kind !== 'rebalance') return;
    const mine = parts.filter((part) => !isLost(part));
    if (mine.length === 0) return;
    world.tell(
      () =>
        `another poller takes ${mine.map(named).join(', ')} of invocation ${number}, from the last commit`,
    );
    if (kind === 'evicted') environment.crash('the process is killed');
    for (const part of mine)
      handOver(
        part,
        kind === 'rebalance' && random.chance(5_000) ? random.between(0, 2 * ms + 2_000) : 0,
      );
    dispatch();
  };

  /** Gives a partition to another poller; the first one learns of it after so many milliseconds. */
  const handOver = ({ partition, claim }: Part, unawareMs: number): void => {
    claim.knowsAt = clock.now() + unawareMs;
    partition.claim = null;
    partition.position = partition.committed;
  };

  const commit = (parts: readonly Part[]): void => {
    for (const part of parts) {
      if (isLost(part)) continue;
      part.partition.committed = committableOffset(
        part.fates.map(({ index }) => ({ offset: index })),
        part.end,
      );
    }
    const own = parts.filter((part) => !isLost(part));
    if (own.length > 0)
      world.tell(() => `committed: ${own.map(({ partition }) => committed(partition)).join(', ')}`);
  };

  const giveUp = (parts: readonly Part[]): void => {
    world.tell(() => `the on-failure destination takes ${parts.map(named).join(', ')}`);
    for (const { fates } of parts) {
      // Only a record that the database cannot take holds up the later ones for so long.
      if (!fates.some(({ stream }) => stream.tooLarge === 'everywhere'))
        world.report('wrong', `${fates[0]?.name} and those behind it are given up without need`);
      for (const fate of fates) fate.givenUp = true;
      counts.givenUp += fates.length;
    }
    commit(parts.map((part) => ({ ...part, fates: [] })));
  };

  /** Sets the group back by so many records, in the partitions without a batch in flight. */
  const setBack = (parts: readonly Part[], records: number): void => {
    for (const part of parts) {
      if (isLost(part)) continue;
      const { partition } = part;
      counts.rewinds += 1;
      partition.committed = Math.max(0, partition.committed - records);
      world.tell(
        () => `the group is set back in events-${partition.number}, by ${records} records`,
      );
      handOver(part, 0);
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

const open = (fates: readonly Fate[], generation: number): Partition[] => {
  const partitions: Partition[] = [];
  for (const [number, own] of Map.groupBy(
    fates.filter((fate) => fate.generation === generation),
    ({ partition }) => partition,
  ))
    partitions.push({ number, fates: own, position: 0, committed: 0, delivered: 0, claim: null });
  return partitions;
};

const has = (faults: readonly Fault[], kind: Fault['kind']): boolean =>
  faults.some((fault) => fault.kind === kind);

const retryOf = (
  part: Part,
  verdict: Verdict,
  reading: World['plan']['settings']['reading'],
): Part => {
  const records = part.fates.map((fate) => ({ offset: fate.stream.record.offset, fate }));
  const again = toRetry(
    { identifier: `events-${part.partition.number}`, records },
    verdict,
    reading,
  );
  return { ...part, fates: again.map(({ fate }) => fate) };
};

/** Splits a batch into its first so many records and the others. */
const halves = (parts: readonly Part[], first: number): readonly Part[][] => {
  let room = first;
  const one: Part[] = [];
  const other: Part[] = [];
  for (const part of parts) {
    const { fates } = part;
    const [head, tail] = [fates.slice(0, room), fates.slice(room)];
    room -= head.length;
    const middle = tail[0]?.index ?? part.end;
    if (head.length > 0) one.push({ ...part, fates: head, end: middle });
    if (tail.length > 0) other.push({ ...part, fates: tail });
  }
  return [one, other];
};

const committed = ({ number, fates, committed: next }: Partition): string =>
  `events-${number} before ${fates[next]?.stream.record.offset ?? 'the end'}`;

const named = ({ partition, fates }: Part): string => {
  const [first, last] = [fates[0], fates.at(-1)];
  const offsets = `${first?.stream.record.offset}–${last?.stream.record.offset}`;
  return `events-${partition.number} ${offsets}`;
};
