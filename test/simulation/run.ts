import { createRandom } from '../../local/dataset/random.ts';
import type { ScriptedClock } from './clock.ts';
import { createOracle } from './oracle.ts';
import { type Plan, startTime } from './plan.ts';
import { startPolling } from './poller.ts';
import { createTables } from './tables.ts';
import { type Counts, faultFinder, noCounts, type Problem, type World } from './world.ts';

export interface Run {
  readonly problems: readonly Problem[];
  readonly counts: Counts;
  /** The schedule, one line a step; empty unless asked for. */
  readonly lines: readonly string[];
}

/** The steps after which a schedule counts as endless: ten times those of the longest schedule. */
const mostSteps = 20_000;

/** Runs a plan to its end, until nothing is in flight any more. The same plan always runs the same way. */
export const run = async (plan: Plan, clock: ScriptedClock, told = false): Promise<Run> => {
  const random = createRandom(plan.seed);
  clock.reset(startTime, () => random.between(0, 999_999) / 1_000_000);
  const counts = noCounts();
  const problems: Problem[] = [];
  const lines: string[] = [];
  const line = (text: string): void =>
    void lines.push(`${(clock.now() / 1_000).toFixed(3).padStart(9)} s  ${text}`);
  const world: World = {
    plan,
    clock,
    random,
    oracle: createOracle(plan),
    tables: createTables(plan.settings),
    counts,
    problems,
    faults: faultFinder(plan.faults),
    happened({ kind }) {
      counts.faults[kind] = (counts.faults[kind] ?? 0) + 1;
    },
    tell: told ? (text) => line(text()) : () => {},
    report(kind, text) {
      problems.push({ kind, text });
      if (told) line(`*** ${kind}: ${text}`);
    },
  };

  const isFinished = startPolling(world);
  for (let steps = 0; await clock.next(); steps += 1)
    if (steps === mostSteps) {
      world.report('hangs', `after ${mostSteps} steps the topic is not read to its end`);
      // Pending work of this schedule must not reach into the next one.
      await clock.settle();
      break;
    }
  if (problems.length === 0 && !isFinished())
    world.report('hangs', 'nothing is in flight, and the topic is not read to its end');

  counts.schedules = 1;
  counts.records = world.oracle.fates.length;
  for (const fate of world.oracle.fates)
    if (!fate.givenUp && !world.tables.has(fate))
      world.report('lost', `${fate.name}: ${world.tables.describe(fate)}`);
  // An endless schedule counts as a loss.
  const among = (...kinds: Problem['kind'][]): number =>
    problems.filter(({ kind }) => kinds.includes(kind)).length;
  counts.lost = among('lost', 'hangs');
  counts.wrong = among('wrong');
  counts.wronglyLate = among('wrongly late');
  return { problems, counts, lines };
};
