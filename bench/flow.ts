// `npm run bench:flow`: measures how long a batch takes, by its size, by its partitions, and by the limit of requests in flight
// (mostConcurrent in functions/ingest/create-handler.ts), with a Cassandra on the same machine. The compared runs take turns.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guardProcess } from 'local-kafka-trigger/watchdog/guard.ts';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { print, printStep, table } from '../cli/terminal/print.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { number } from '../cli/terminal/words.ts';
import { bundleFunction } from '../local/bundle.ts';
import { openKeyspace } from '../local/keyspace.ts';
import { openServers, type Servers } from '../local/open-servers.ts';
import { temporaryFolder } from '../local/servers/temporary-folder.ts';
import type { Measurement, Plan, Took } from './flow-process.ts';
import { lambdaFlags } from './measure.ts';
import { openTopic } from './recording.ts';
import { percentile, sum } from './statistics.ts';

const { rounds } = scriptCommand({
  name: 'bench:flow',
  does: 'Measures how long batches take, by their size, their partitions and the requests in flight. Starts a Cassandra, or uses yours.',
  takes: 'about three minutes',
})
  .option('--rounds <n>', 'times that every kind of batch has its turn', wholeNumber(1, 100), 3)
  .parse()
  .opts<{ rounds: number }>();

/** The sizes of batches, each with the batches of a turn. Up to 1,000 records, three turns have enough batches for a p99. */
const sizes = [
  { records: 1, batches: 100 },
  { records: 10, batches: 100 },
  { records: 100, batches: 50 },
  { records: 1_000, batches: 35 },
  { records: 10_000, batches: 5 },
];
const partitions = [1, 8, 64];
/** The shapes of batches, small ones first: the work that a large batch leaves to Cassandra and the heap would slow a small one. */
const shapes = sizes.flatMap((size) =>
  partitions
    .filter((count) => count <= size.records)
    .map((count) => ({ ...size, partitions: count, cell: `${size.records} over ${count}` })),
);

const limits = [4, 8, 16, 32, 64, 128, 256];
const limited = sizes
  .filter(({ records }) => records >= 1_000)
  .flatMap((size) =>
    limits.map((limit) => ({ ...size, limit, cell: `${size.records}, at most ${limit}` })),
  );

/** Repetitions of the batches of 1,000 before anything is measured: Cassandra's compiler has settled by then, too. */
const warmUps = 8;

/** Writes the events into a folder, and makes the plan of the order in which they are handled. */
const prepare = async (folder: string): Promise<Plan> => {
  let files = 0;
  const write = async (next: (records: number) => string, batches: number, records: number) => {
    const events: string[] = [];
    for (let batch = 0; batch < batches; batch += 1) {
      const file = join(folder, `${files++}.json`);
      await writeFile(file, next(records));
      events.push(file);
    }
    return events;
  };

  const topics = new Map(partitions.map((count) => [count, openTopic(count)]));
  const topicOf = (count: number) => topics.get(count) as (records: number) => string;
  const shipped: Plan['shipped'][number][] = [];
  for (const count of partitions)
    shipped.push({ cell: null, events: await write(topicOf(count), 30, 1_000) });
  for (let round = 0; round < rounds; round += 1) {
    shipped.push({ cell: null, events: await write(topicOf(8), 100, 8) });
    for (const { cell, partitions: count, batches, records } of shapes)
      shipped.push({ cell, events: await write(topicOf(count), batches, records) });
  }

  const events = new Map<number, string[]>();
  for (const { batches, records } of sizes.filter((size) => size.records >= 1_000))
    events.set(records, await write(openTopic(1), batches, records));
  const warm = { cell: null, limit: 128, events: events.get(1_000) ?? [] };
  return {
    limited: [
      ...Array.from({ length: warmUps }, () => warm),
      // The limits go there and back, so that changes over time favour none. The sizes follow one another, small ones first.
      ...[...events].flatMap(([size, files]) => {
        const turns = limited
          .filter(({ records }) => records === size)
          .map(({ cell, limit }) => ({ cell, limit, events: files }));
        return Array.from({ length: rounds }, () => [...turns, ...turns.toReversed()]).flat();
      }),
    ],
    shipped,
  };
};

/** Runs a plan in a process and a keyspace of its own. */
const measure = async (
  bundle: string,
  plan: string,
  servers: Servers,
  signal: AbortSignal,
): Promise<Measurement> => {
  await using keyspace = await openKeyspace(servers);
  const child = fork(join(import.meta.dirname, 'flow-process.ts'), [bundle, plan], {
    env: { PATH: process.env['PATH'], ...keyspace.environment },
    execArgv: lambdaFlags,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  guardProcess(child);
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill);
  let measurement: Measurement | undefined;
  child.on('message', (message) => {
    measurement = message as Measurement;
  });
  // A result may come after the exit; the channel closes when everything has been read.
  const [[code, killedBy]] = await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (measurement === undefined)
    throw new Error(`the measured process ended without a result (${killedBy ?? code})`);
  return measurement;
};

const columns = ['batches', 'p50 ms', 'p99 ms', 'events / s', 'CPU-ms / batch'];
const figures = (records: number, took: readonly Took[]): string[] => {
  const milliseconds = took.map((one) => one.milliseconds);
  return [
    `${took.length}`,
    percentile(milliseconds, 0.5).toFixed(1),
    percentile(milliseconds, 0.99).toFixed(1),
    number(Math.round((1_000 * records * took.length) / sum(milliseconds))),
    (sum(took.map(({ cpu }) => cpu)) / 1_000 / took.length).toFixed(1),
  ];
};

await main(async (signal) => {
  await using cleanup = new AsyncDisposableStack();
  const { path: folder } = cleanup.use(await temporaryFolder('flow'));
  const bundle = await bundleFunction(join(folder, 'shipped'));
  printStep('Recording events …');
  const plan = join(folder, 'plan.json');
  await writeFile(plan, JSON.stringify(await prepare(folder)));
  const servers = cleanup.use(await openServers({ kafka: false, onStep: printStep, signal }));
  printStep('Measuring …');
  const measured = new Map(await measure(bundle, plan, servers, signal));
  const of = (cell: string): readonly Took[] => measured.get(cell) ?? [];

  print(
    'The shipped handler, by records and partitions of a batch (p99 of fewer than 100 batches: the slowest):',
  );
  print(
    table(
      ['records', 'partitions', ...columns],
      shapes.map(({ cell, records, partitions: count }) => [
        `${records}`,
        `${count}`,
        ...figures(records, of(cell)),
      ]),
      true,
    ),
  );
  print('Its parts without log and metrics, one partition, by requests in flight at most:');
  print(
    table(
      ['records', 'in flight', ...columns, 'requests retried'],
      limited.map(({ cell, records, limit }) => [
        `${records}`,
        `${limit}`,
        ...figures(records, of(cell)),
        `${sum(of(cell).map(({ retried }) => retried))}`,
      ]),
      true,
    ),
  );
  return 0;
});
