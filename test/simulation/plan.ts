import { createRandom, type Random } from '../../local/dataset/random.ts';
import { createStream, firstTime, longestStream, type StreamRecord } from './stream.ts';

/** A schedule before it runs. It follows from the seed, and any part of it can be removed. */
export interface Plan {
  readonly seed: number;
  readonly kind: Kind;
  readonly settings: Settings;
  /** The topic's records by partition, once for each time that the topic is created. */
  readonly generations: readonly (readonly (readonly StreamRecord[])[])[];
  /** The cuts of batches, taken in turn. */
  readonly cuts: readonly Cut[];
  readonly faults: readonly Fault[];
}

/** The kinds of schedule, each with its own promise (oracle.ts). */
type Kind = 'plain' | 'zombies' | 'rewinds' | 'recreated' | 'gives up' | 'anything';

export interface Settings {
  readonly latenessRule: 'running' | 'batch';
  readonly lateEvents: 'keep' | 'drop';
  readonly eventIdInKey: boolean;
  /** The limit of requests in flight. */
  readonly mostConcurrent: number;
  /** The timeout of an invocation, in milliseconds. */
  readonly timeoutMs: number;
  readonly reading: 'failed-only' | 'from-lowest';
  /** Whether a batch is bisected after an error of the function. */
  readonly bisect: boolean;
  /** The attempts before the on-failure destination takes the rest of a batch; a bisection is no attempt. */
  readonly attempts: number;
  /** The clock that orders two writes of a row: the client's, as on Cassandra, or the server's, as on Keyspaces without client timestamps. */
  readonly writeTime: 'client' | 'server';
  /** The milliseconds by which the clocks of two processes may differ; 0 for the same time everywhere. */
  readonly skewMs: number;
}

/** The size of a batch: its greatest numbers of records and of partitions. */
interface Cut {
  readonly partitions: number;
  readonly records: number;
}

/** A fault of the nth request or invocation, from 0. */
export interface Fault {
  readonly on: RequestKind | 'any request' | 'invocation';
  readonly nth: number;
  readonly kind: RequestFault | InvocationFault;
  /** The milliseconds of the fault; the kind gives them their meaning. */
  readonly ms: number;
  /** The number of requests or invocations in a row; for a rewind, the records to go back. */
  readonly times: number;
}

export type RequestKind = 'read' | 'row' | 'rejected row' | 'checkpoint';

const requestFaults = [
  /** The request never arrives; the caller waits for its timeout. */
  'request lost',
  /** The request takes effect; the caller waits for its timeout. */
  'answer lost',
  /** The request takes effect `ms` later; the caller waits for its timeout. */
  'delayed',
  /** The request is answered `ms` later than others. */
  'slow',
  /** The request is refused for now. */
  'overloaded',
  /** The request is refused until somebody repairs something. */
  'unavailable',
  /** The driver throws an unexpected error. */
  'bug',
  /** The function's process dies before the request is sent. */
  'crash before',
  /** The process dies when the request is sent; it arrives `ms` later. */
  'crash during',
  /** The process dies when the request has taken effect. */
  'crash after',
] as const;
type RequestFault = (typeof requestFaults)[number];

type InvocationFault =
  /** The function has answered; the mapping hears of an error. */
  | 'response lost'
  /** The commit after the invocation fails; the next one succeeds. */
  | 'commit lost'
  /** The poller dies before the commit; another begins at the last commit. */
  | 'poller restarts'
  /** The process is killed after `ms`. */
  | 'killed'
  /** The invocation has only `ms` from its beginning. */
  | 'short'
  /** After `ms` the partitions go to another poller; the process is killed. */
  | 'evicted'
  /** After `ms` the partitions go to another poller; the invocation goes on, slowly, and the old poller learns of it later. */
  | 'rebalance'
  /** After `ms` the poller hears of an error, and tries again; the invocation goes on, slowly. */
  | 'abandoned'
  /** The group is set back by `times` records after the batch. */
  | 'rewind';

/** The wall clock when a schedule begins. All events lie before it, except those that are ahead on purpose. */
export const startTime = firstTime + 2 * longestStream;

export const createPlan = (seed: number): Plan => {
  const random = createRandom(scattered(seed));
  const kind = pick<Kind>(random, [
    ['plain', 50],
    ['zombies', 17],
    ['rewinds', 9],
    ['recreated', 8],
    ['gives up', 8],
    ['anything', 8],
  ]);
  const anything = kind === 'anything';
  const unrejectable = kind === 'gives up' || (anything && random.chance(5_000));
  const generations = kind === 'recreated' || (anything && random.chance(5_000)) ? 2 : 1;
  // Without a commit for so long, more records are redelivered than the checkpoint remembers.
  const uncommitted = random.chance(200);
  const partitions = uncommitted ? 1 : random.between(1, random.between(1, 4));
  const records = uncommitted ? random.between(20, 40) : random.between(3, random.between(8, 50));
  const aheadAt = random.chance(300) ? startTime : null;
  // The re-created topic may have events as old as the deleted topic's.
  const later = random.chance(5_000) ? longestStream : 0;
  const streams = Array.from({ length: generations }, (_, generation) =>
    Array.from({ length: partitions }, (_, partition) =>
      createStream(random, {
        generation,
        partition,
        records: Math.ceil(records / partitions),
        begins: firstTime + generation * later,
        unrejectable,
        aheadAt,
      }),
    ),
  );
  const largestCut = uncommitted || random.chance(1_000) ? 2 : 14;
  const faults = createFaults(random, kind, records, unrejectable);
  if (uncommitted)
    faults.push(
      { on: 'invocation', nth: 1, kind: 'commit lost', ms: 0, times: 30 },
      { on: 'invocation', nth: random.between(10, 22), kind: 'poller restarts', ms: 0, times: 1 },
    );
  return {
    seed,
    kind,
    settings: createSettings(random, unrejectable, faults),
    generations: streams,
    cuts: Array.from({ length: 6 }, () => ({
      partitions: random.between(1, partitions),
      records: random.between(1, random.between(1, largestCut)),
    })),
    faults,
  };
};

/** Spreads the bits of a seed (MurmurHash3's finalizer): consecutive seeds would begin alike with this generator. */
const scattered = (seed: number): number => {
  const half = Math.imul(seed ^ (seed >>> 16), 0x85ebca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return whole ^ (whole >>> 16);
};

const createSettings = (
  random: Random,
  unrejectable: boolean,
  faults: readonly Fault[],
): Settings => ({
  latenessRule: random.chance(1_500) ? 'batch' : 'running',
  lateEvents: random.chance(1_000) ? 'drop' : 'keep',
  eventIdInKey: random.chance(1_500),
  mostConcurrent: random.between(1, 8),
  timeoutMs: random.oneOf([3_000, 30_000, 60_000]),
  reading: random.oneOf(['failed-only', 'from-lowest']),
  bisect: random.oneOf([false, true, true]),
  // There are more attempts than faults: no fault alone sends a record to the destination.
  attempts: unrejectable
    ? 3 + faults.reduce((sum, { times }) => sum + times, 0)
    : Number.POSITIVE_INFINITY,
  writeTime: random.chance(2_500) ? 'server' : 'client',
  skewMs: random.chance(1_000) ? random.between(1, 200) : 0,
});

const createFaults = (
  random: Random,
  kind: Kind,
  records: number,
  unrejectable: boolean,
): Fault[] => {
  const anything = kind === 'anything';
  const faults = Array.from(
    { length: random.between(0, 7) },
    (): Fault =>
      random.chance(6_500)
        ? requestFault(random, records, unrejectable ? 2 : 60)
        : invocationFault(random, records, [
            'response lost',
            'commit lost',
            'poller restarts',
            'killed',
            'short',
            'evicted',
          ]),
  );
  const several = (most: number, ...kinds: [InvocationFault, ...InvocationFault[]]): void => {
    for (let count = random.between(1, most); count > 0; count -= 1)
      faults.push(invocationFault(random, records, kinds));
  };
  if (kind === 'zombies' || anything) several(3, 'rebalance', 'rebalance', 'abandoned');
  if (kind === 'rewinds' || anything) several(2, 'rewind');
  return faults;
};

const requestFault = (random: Random, records: number, mostTimes: number): Fault => {
  const kind = random.oneOf(requestFaults);
  const on = random.oneOf([
    'read',
    'row',
    'row',
    'rejected row',
    'checkpoint',
    'checkpoint',
    'any request',
  ] as const);
  return {
    on,
    nth: random.between(
      0,
      on === 'row' ? records : on === 'any request' ? 2 * records : Math.ceil(records / 3),
    ),
    kind,
    ms:
      kind === 'slow'
        ? random.between(0, 3_900)
        : random.oneOf([0, random.between(0, 50), random.between(0, 20_000)]),
    times:
      kind.startsWith('crash') || kind === 'bug'
        ? 1
        : random.oneOf([1, random.between(1, mostTimes)]),
  };
};

const invocationFault = (
  random: Random,
  records: number,
  kinds: readonly [InvocationFault, ...InvocationFault[]],
): Fault => {
  const kind = random.oneOf(kinds);
  return {
    on: 'invocation',
    nth: random.between(0, Math.ceil(records / 3)),
    kind,
    // Most invocations take some tens of milliseconds.
    ms: random.oneOf([random.between(1, 15), random.between(1, 60), random.between(1, 5_000)]),
    times:
      kind === 'rewind'
        ? random.between(1, records)
        : kind === 'commit lost'
          ? random.oneOf([1, random.between(1, 12)])
          : 1,
  };
};

/** Picks a choice with the probability of its weight. */
const pick = <T>(random: Random, choices: readonly (readonly [T, number])[]): T => {
  let left = random.between(0, choices.reduce((sum, [, weight]) => sum + weight, 0) - 1);
  for (const [choice, weight] of choices) {
    if (left < weight) return choice;
    left -= weight;
  }
  throw new Error('there is no choice');
};
