import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import { Option } from 'commander';
import { scriptCommand } from '../../cli/terminal/command.ts';
import { main } from '../../cli/terminal/main.ts';
import { print, printJson, printStep, table, verdict } from '../../cli/terminal/print.ts';
import { wholeNumber } from '../../cli/terminal/whole-number.ts';
import { number } from '../../cli/terminal/words.ts';
import { duration } from '../../functions/ingest/pipeline/duration.ts';
import { installClock } from './clock.ts';
import { mutants } from './mutants.ts';
import { createPlan } from './plan.ts';
import { runSchedules } from './schedules.ts';
import { smallestStory, story } from './story.ts';
import { deal, runInWorker } from './workers.ts';
import { addCounts, type Counts, noCounts } from './world.ts';

interface Options {
  readonly schedules: number;
  readonly from: number;
  readonly seed?: number;
  readonly mutants: boolean;
  readonly json: boolean;
}

const largestSeed = 2 ** 31 - 1;

const readOptions = (argv: readonly string[]): Options =>
  scriptCommand({
    name: 'simulate',
    does:
      'Runs the function’s core in a simulated world, schedule after schedule, each from a seed, and compares what is in its ' +
      'tables with what must be there. The first that goes wrong is made as small as it gets, and printed.',
    takes: 'about 20 minutes for a million schedules, and 3 with --mutants',
  })
    .option('--schedules <n>', 'how many schedules', wholeNumber(1, largestSeed), 1_000_000)
    .option('--from <seed>', 'the first seed; the others follow it', wholeNumber(0, largestSeed), 1)
    .addOption(
      new Option('--seed <seed>', 'print only the schedule of this seed')
        .argParser(wholeNumber(0, largestSeed))
        .conflicts(['schedules', 'from', 'json']),
    )
    .addOption(
      new Option(
        '--mutants',
        'break the core on purpose, and say how many seeds it takes to see that',
      )
        .default(false)
        .conflicts(['schedules', 'from', 'seed']),
    )
    .option('--json', 'print the numbers as JSON', false)
    .parse(argv)
    .opts<Options>();

const simulate = async (
  { schedules, from, json }: Options,
  signal: AbortSignal,
): Promise<number> => {
  const bar = new SingleBar({
    format:
      '{bar} {percentage}% | {value} of {total} schedules | {duration_formatted}, {eta_formatted} to go',
    barsize: 24,
    hideCursor: true,
    noTTYOutput: true,
    notTTYSchedule: 10_000,
    etaBuffer: 100,
    fps: 5,
  });
  const began = performance.now();
  bar.start(schedules, 0);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const failed: number[] = [];
  const counts = noCounts();
  await Promise.allSettled(
    deal({ first: from, count: schedules }, availableParallelism()).map(async (seeds) => {
      const ran = await runInWorker(seeds, (more) => bar.increment(more), either);
      addCounts(counts, ran.counts);
      if (ran.failed === null) return;
      failed.push(ran.failed);
      stop.abort();
    }),
  ).then((ended) => {
    bar.stop();
    for (const one of ended)
      if (one.status === 'rejected' && one.reason !== stop.signal.reason) throw one.reason;
  });
  const seconds = (performance.now() - began) / 1_000;
  const [seed] = failed;
  if (json) {
    printJson({ from, seconds, ...counts, failed: seed ?? null });
    return seed === undefined ? 0 : 1;
  }
  print(`\n${counted(counts)}\n`);
  print(`${count(counts.schedules / seconds)} schedules a second, ${duration(seconds * 1_000)}.`);
  if (seed === undefined) {
    print(verdict(true, 'Nothing lost, nothing wrong, nothing wrongly late.'));
    return 0;
  }
  using clock = installClock();
  print(`\n${verdict(false, 'Wrong.')} The smallest schedule like that of seed ${seed}:\n`);
  print(await smallestStory(seed, clock));
  return 1;
};

const count = (value: number): string => number(Math.round(value));

const counted = ({ faults, lost, wrong, wronglyLate, ...others }: Counts): string => {
  const names: Record<keyof typeof others, string> = {
    schedules: 'schedules',
    records: 'records',
    invocations: 'invocations',
    requests: 'requests to the database',
    crashes: 'processes that died',
    redelivered: 'records delivered again',
    inexact: 'partitions delivered from where the true maximum could not be known',
    zombies: 'zombies',
    rewinds: 'rewinds',
    recreated: 'topics made anew',
    givenUp: 'records that the on-failure destination took',
  };
  return table(
    ['', ''],
    [
      ...Object.entries(names).map(([name, words]) => [
        words,
        count(others[name as keyof typeof others]),
      ]),
      ...Object.entries(faults)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([kind, times]) => [`fault: ${kind}`, count(times)]),
      ['lost', count(lost)],
      ['wrong', count(wrong)],
      ['wrongly late', count(wronglyLate)],
    ],
    true,
  );
};

/** The number of seeds within which the simulation must detect a mutant. */
const mutantSeeds = 5_000;

const hunt = async ({ json }: Options, signal: AbortSignal): Promise<number> => {
  const found: { readonly mutant: string; readonly seed: number | null }[] = [];
  for (const [mutant, { name }] of mutants.entries()) {
    const { failed } = await runInWorker(
      { first: 1, step: 1, count: mutantSeeds, mutant },
      undefined,
      signal,
    );
    printStep(`${name}: ${failed === null ? 'NOT FOUND' : `found by seed ${failed}`}`);
    found.push({ mutant: name, seed: failed });
  }
  if (json) printJson(found);
  else
    print(
      `\n${table(
        ['the core is broken so that', 'found by seed'],
        found.map(({ mutant, seed }) => [
          mutant,
          seed === null ? verdict(false, 'NOT FOUND') : count(seed),
        ]),
        true,
      )}`,
    );
  return found.some(({ seed }) => seed === null) ? 1 : 0;
};

const printOne = async (seed: number): Promise<number> => {
  using clock = installClock();
  print(await story(createPlan(seed), clock));
  const { failed } = await runSchedules({ first: seed, step: 1, count: 1 }, clock);
  if (failed === null) return 0;
  print(`\nThe smallest like it:\n\n${await smallestStory(seed, clock)}`);
  return 1;
};

const options = readOptions(process.argv.slice(2));
await main((signal) => {
  if (options.seed !== undefined) return printOne(options.seed);
  return options.mutants ? hunt(options, signal) : simulate(options, signal);
});
