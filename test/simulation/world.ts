import type { Random } from '../../local/dataset/random.ts';
import type { ScriptedClock } from './clock.ts';
import type { Oracle } from './oracle.ts';
import type { Fault, Plan, RequestKind } from './plan.ts';
import type { Tables } from './tables.ts';

/** The state that the parts of a running schedule share. */
export interface World {
  readonly plan: Plan;
  readonly clock: ScriptedClock;
  /** The random numbers for everything that the plan leaves open: the duration of requests. */
  readonly random: Random;
  readonly oracle: Oracle;
  readonly tables: Tables;
  readonly counts: Counts;
  readonly problems: Problem[];
  /** Gives the faults of the next request or invocation of a kind. */
  faults(on: RequestKind | 'invocation'): readonly Fault[];
  /** Counts a fault that has occurred. */
  happened(fault: Fault): void;
  /** Adds a line to the schedule's story; the line is made only if somebody reads it. */
  tell(line: () => string): void;
  report(kind: Problem['kind'], text: string): void;
}

/** A broken promise. */
export interface Problem {
  readonly kind: 'lost' | 'wrong' | 'wrongly late' | 'hangs';
  readonly text: string;
}

/** The counts of all schedules. */
export interface Counts {
  schedules: number;
  records: number;
  invocations: number;
  requests: number;
  /** The faults that occurred, by kind. */
  readonly faults: Record<string, number>;
  crashes: number;
  /** The number of redelivered records. */
  redelivered: number;
  /** The number of delivered partitions whose maximum was not known exactly. */
  inexact: number;
  zombies: number;
  rewinds: number;
  recreated: number;
  givenUp: number;
  lost: number;
  wrong: number;
  wronglyLate: number;
}

export const noCounts = (): Counts => ({
  schedules: 0,
  records: 0,
  invocations: 0,
  requests: 0,
  faults: {},
  crashes: 0,
  redelivered: 0,
  inexact: 0,
  zombies: 0,
  rewinds: 0,
  recreated: 0,
  givenUp: 0,
  lost: 0,
  wrong: 0,
  wronglyLate: 0,
});

/** Adds the counts of one schedule to those of others. */
export const addCounts = (sum: Counts, { faults, ...more }: Counts): void => {
  for (const [name, count] of Object.entries(more) as [keyof typeof more, number][])
    sum[name] += count;
  for (const [kind, count] of Object.entries(faults))
    sum.faults[kind] = (sum.faults[kind] ?? 0) + count;
};

/** Finds the planned faults of each request and invocation, by its number. */
export const faultFinder = (faults: readonly Fault[]): World['faults'] => {
  const reached = new Map<string, number>();
  const count = (on: string): number => {
    const nth = reached.get(on) ?? 0;
    reached.set(on, nth + 1);
    return nth;
  };
  const none: readonly Fault[] = [];
  return (on) => {
    const nth = count(on);
    const ofAny = on === 'invocation' ? -1 : count('any request');
    if (faults.length === 0) return none;
    return faults.filter((fault) => {
      const number = fault.on === on ? nth : fault.on === 'any request' ? ofAny : -1;
      return (
        number >= fault.nth && number < fault.nth + (fault.kind === 'rewind' ? 1 : fault.times)
      );
    });
  };
};
