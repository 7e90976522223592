import { Bench, type BenchOptions } from 'tinybench';

/**
 * Measures tasks one after the other; gives the median milliseconds of a run of each.
 * @throws the error of a task that throws: without it, tinybench would leave the task out in silence.
 */
export const medianTimes = async (
  tasks: Readonly<Record<string, () => unknown>>,
  options: BenchOptions,
): Promise<Map<string, number>> => {
  const bench = new Bench(options);
  for (const [name, task] of Object.entries(tasks)) bench.add(name, task);
  const times = new Map<string, number>();
  for (const { name, result } of await bench.run()) {
    if (result.state === 'errored') throw result.error;
    if (result.state !== 'completed') throw new Error(`${name} did not end: ${result.state}`);
    times.set(name, result.latency.p50);
  }
  return times;
};
