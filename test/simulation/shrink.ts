import type { Plan } from './plan.ts';

/** The number of plans to try at most, which takes some seconds. */
const mostTries = 2_000;

/**
 * Shrinks a plan that goes wrong until every further removal makes it go right. It removes faults first, then partitions and
 * records, then difficult settings.
 */
export const shrink = async (
  plan: Plan,
  goesWrong: (plan: Plan) => Promise<boolean>,
): Promise<Plan> => {
  let smallest = plan;
  let tries = 0;
  for (let before: Plan | null = null; before !== smallest; ) {
    before = smallest;
    for (const smaller of variants) {
      // After each success, the removals of this kind begin again on the smaller plan.
      for (let again = true; again; ) {
        again = false;
        for (const candidate of smaller(smallest)) {
          tries += 1;
          if (tries > mostTries) return smallest;
          if (!(await goesWrong(candidate))) continue;
          smallest = candidate;
          again = true;
          break;
        }
      }
    }
  }
  return smallest;
};

type Variants = (plan: Plan) => Iterable<Plan>;

const variants: readonly Variants[] = [
  function* fewerFaults(plan) {
    for (const faults of without(plan.faults, 0)) yield { ...plan, faults };
  },
  function* weakerFaults(plan) {
    for (const [index, fault] of plan.faults.entries())
      if (fault.times > 1)
        for (const times of [1, fault.times - 1])
          yield { ...plan, faults: plan.faults.with(index, { ...fault, times }) };
  },
  function* fewerGenerations(plan) {
    // Only the last generation can be removed, because records are named by their generation's number.
    if (plan.generations.length > 1) yield { ...plan, generations: plan.generations.slice(0, -1) };
  },
  function* fewerPartitions(plan) {
    for (const [generation, partitions] of plan.generations.entries())
      for (const [partition, records] of partitions.entries())
        if (records.length > 0 && partitions.some((other) => other !== records && other.length > 0))
          yield {
            ...plan,
            generations: plan.generations.with(generation, partitions.with(partition, [])),
          };
  },
  function* fewerRecords(plan) {
    // A partition's first record stays, because it says that nothing was before it.
    for (const [generation, partitions] of plan.generations.entries())
      for (const [partition, records] of partitions.entries())
        for (const fewer of without(records, 1))
          yield {
            ...plan,
            generations: plan.generations.with(generation, partitions.with(partition, fewer)),
          };
  },
  function* fewerCuts(plan) {
    if (plan.cuts.length > 1) for (const cuts of without(plan.cuts, 0)) yield { ...plan, cuts };
  },
  function* plainerSettings(plan) {
    const { settings } = plan;
    for (const plainer of [
      { mostConcurrent: 1 },
      { bisect: false },
      { reading: 'from-lowest' },
      { latenessRule: 'running' },
      { lateEvents: 'keep' },
      { eventIdInKey: false },
      { writeTime: 'client' },
      { timeoutMs: 60_000 },
    ] as const)
      if (Object.entries(plainer).some(([name, value]) => settings[name as never] !== value))
        yield { ...plan, settings: { ...settings, ...plainer } };
  },
];

/** Yields the list without each of its halves, quarters, … and single items. The first `staying` items always stay. */
function* without<Item>(list: readonly Item[], staying: number): Iterable<Item[]> {
  const items = list.length - staying;
  for (let size = Math.ceil(items / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let start = list.length - size; start >= staying; start -= size)
      yield list.toSpliced(start, size);
}
