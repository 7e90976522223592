import type { ScriptedClock } from './clock.ts';
import { createPlan } from './plan.ts';
import { run } from './run.ts';
import { addCounts, type Counts, noCounts } from './world.ts';

/** A range of `count` seeds from `first`, `step` apart. */
export interface Seeds {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

export interface Ran {
  readonly counts: Counts;
  /** The first seed whose schedule went wrong; null if none did. */
  readonly failed: number | null;
}

/** Runs schedules one after the other, up to the first that goes wrong. */
export const runSchedules = async (
  { first, step, count }: Seeds,
  clock: ScriptedClock,
  onSchedule: () => void = () => {},
): Promise<Ran> => {
  const counts = noCounts();
  const { stackTraceLimit } = Error;
  // Nobody reads the stack traces of the plan's errors, which would take a third of the time.
  Error.stackTraceLimit = 0;
  try {
    for (let index = 0; index < count; index += 1) {
      const seed = first + index * step;
      const { problems, counts: more } = await run(createPlan(seed), clock);
      addCounts(counts, more);
      if (problems.length > 0) return { counts, failed: seed };
      onSchedule();
    }
    return { counts, failed: null };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};
