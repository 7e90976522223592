// `npm run bench`: measures what a million events cost, by consumer, on the same recorded batches and the same Cassandra. Each
// consumer has a process of its own. They take turns of about a second, because a machine's speed changes within a minute. The
// marginal cost is that of the events after the short run.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { print, printStep, table, verdict } from '../cli/terminal/print.ts';
import { UserFacingError } from '../cli/terminal/user-facing-error.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { number } from '../cli/terminal/words.ts';
import { bundleFunction } from '../local/bundle.ts';
import { openServers } from '../local/open-servers.ts';
import { temporaryFolder } from '../local/servers/temporary-folder.ts';
import { bundleBaseline } from './bundle-baseline.ts';
import type { Consumer } from './measure.ts';
import { bentoPeers } from './peers/bento.ts';
import { flinkPeers } from './peers/flink.ts';
import { type PeerResult, runPeers } from './peers/run.ts';
import { barPlot } from './plot.ts';
import { record } from './recording.ts';
import { cpuPlot, originNow, toResults } from './results.ts';
import { median, percentile, sum } from './statistics.ts';
import { type Round, takeTurns } from './turns.ts';

const options = scriptCommand({
  name: 'bench',
  does: 'Measures the CPU of a million events, beside other ways to do the function’s work. Starts a Cassandra, or uses yours.',
  takes: 'about 20 minutes; with --peers an hour',
})
  .option('--events <n>', 'events of the long run', wholeNumber(2_000, 10_000_000), 900_000)
  .option(
    '--short <n>',
    'events of the short run; V8 compiles for the first 400,000',
    wholeNumber(1_000, 1_000_000),
    400_000,
  )
  .option('--batch-size <n>', 'records a batch', wholeNumber(1, 10_000), 1_000)
  .option('--rounds <n>', 'runs of each kind; medians are shown', wholeNumber(1, 100), 3)
  .option(
    '--core <n>',
    'gives the consumers in Node this core; begin with `taskset -c <others>` and Cassandra has the others (Linux)',
    wholeNumber(0, 1_023),
  )
  .option(
    '--only <names>',
    'only consumers that have one of these in their name, separated by commas',
  )
  .option('--peers', 'measure Flink and Bento too; needs Maven and Go', false)
  .option('--profile <folder>', 'write CPU profiles there; the figures are then of no use')
  .option('--plot <file>', 'draw CPU by consumer there, as an SVG')
  .option('--json <file>', 'write the table there; npm run bench:plot draws it')
  .parse()
  .opts<{
    events: number;
    short: number;
    batchSize: number;
    rounds: number;
    core?: number;
    only?: string;
    peers: boolean;
    profile?: string;
    plot?: string;
    json?: string;
  }>();

const isWanted = ({ name }: { readonly name: string }): boolean =>
  options.only === undefined || options.only.split(',').some((part) => name.includes(part.trim()));

/** The consumers in Node: which bundle runs, and with what settings. */
const kinds = [
  { name: 'shipped', bundle: 'shipped', environment: {} },
  { name: 'public API', bundle: 'shipped', environment: { CASSANDRA_BATCHES: 'driver' } },
  { name: 'naive', bundle: 'naive', environment: {} },
] as const;
const allPeers = [...flinkPeers, ...bentoPeers];
const chosen = kinds.filter(isWanted);
const peers = options.peers ? allPeers.filter(isWanted) : [];

const batchesOf = (events: number): number => Math.ceil(events / options.batchSize);
const [short, long] = [batchesOf(options.short), batchesOf(options.events)];

/** Computes CPU or time of a million further events. */
const marginal = (round: Round, of: 'cpu' | 'elapsed'): number =>
  sum(round.turns.map((turn) => turn[of])) / ((long - short) * options.batchSize);

const ratio = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(2));

/** Judges a peer's rows. A peer that cannot drop late events may write them, and by another order overwrite a colliding row. */
const isRight = ({ dropsLate, rows: { missing, different, unexpected } }: PeerResult): boolean =>
  missing === 0 && (!dropsLate || (different === 0 && unexpected === 0));

/** Makes a peer's row of the table. @param naive the naive handler's CPU-seconds a million; NaN if it was not measured. */
const peerRow = (result: PeerResult, naive: number): string[] => [
  result.peer,
  result.cpuSecondsPerMillion.toFixed(2),
  ratio(naive / result.cpuSecondsPerMillion),
  result.eventsPerSecond.toFixed(0),
  '',
  '',
  (result.memory / 1e6).toFixed(0),
  '',
  isRight(result)
    ? result.dropsLate
      ? 'yes'
      : `late written too (${result.late})`
    : `no: ${result.rows.missing} missing, ${result.rows.different} different, ${result.rows.unexpected} too many`,
];

const head = [
  'consumer',
  'CPU-s / million',
  'naive / it',
  'events / s',
  'p50 ms',
  'p99 ms',
  'MB',
  'longest GC ms',
  'rows right',
];

/** Shows a row to people: thousands apart, and the verdict in colour. */
const asShown = (row: readonly string[]): string[] =>
  row.map((cell, column) => {
    if (head[column] === 'rows right') return verdict(!cell.startsWith('no'), cell);
    return /^\d{4,}$/.test(cell) ? number(Number(cell)) : cell;
  });

await main(async (signal) => {
  if (short >= long)
    throw new UserFacingError(
      `--events (${options.events}) must be a batch or more above --short (${options.short}): the cost is that of the events between.`,
    );
  if (chosen.length + peers.length === 0)
    throw new UserFacingError(
      `No consumer has ${options.only} in its name. There are ${[...kinds, ...allPeers].map(({ name }) => name).join('; ')}.` +
        (options.peers ? '' : ' The names after naive need --peers.'),
    );
  const origin = await originNow();
  await using cleanup = new AsyncDisposableStack();
  const { path: folder } = cleanup.use(await temporaryFolder('bench'));
  const recorded = join(folder, 'events');
  await mkdir(recorded);
  printStep(`Recording ${long} batches of ${options.batchSize} …`);
  const recording = await record({
    folder: recorded,
    batches: long,
    recordsPerBatch: options.batchSize,
    partitions: 6,
  });
  const shipped = await bundleFunction(join(folder, 'shipped'));
  const naive = await bundleBaseline(join(import.meta.dirname, 'naive.ts'), join(folder, 'naive'));
  const bundles = { shipped, naive };
  const consumers = chosen.map(
    ({ name, bundle, environment }): Consumer => ({ name, bundle: bundles[bundle], environment }),
  );
  const kafka = peers.length > 0;
  const servers = cleanup.use(await openServers({ kafka, onStep: printStep, signal }));

  const given = { recording, servers, profile: options.profile, core: options.core };
  const rounds = new Map<string, Round[]>();
  for (let round = 1; round <= options.rounds; round += 1)
    for (const [name, done] of await takeTurns(consumers, given, { short, long }, signal)) {
      rounds.set(name, [...(rounds.get(name) ?? []), done]);
      printStep(`round ${round}, ${name}: ${marginal(done, 'cpu').toFixed(2)} CPU-s a million`);
    }

  const naiveCpu = (rounds.get('naive') ?? []).map((run) => marginal(run, 'cpu'));
  const expected = recording.expected(long);
  let allRight = true;
  const rows = consumers.map(({ name }) => {
    const runs = rounds.get(name) ?? [];
    const last = runs.at(-1);
    const failures = sum(runs.map((run) => run.failures));
    const want = name === 'naive' ? expected.withLate : expected.userEvents;
    const wantRejected = name === 'naive' ? 0 : expected.rejected;
    // The driver accepts some rows that are not valid.
    const right =
      name === 'naive'
        ? Number(last?.userEvents) >= want && failures === 0
        : last?.userEvents === want && last.rejected === wantRejected && failures === 0;
    allRight &&= right;
    const perBatch = (share: number): string =>
      median(
        runs.map((run) =>
          percentile(
            run.turns.flatMap(({ latencies }) => latencies),
            share,
          ),
        ),
      ).toFixed(0);
    const most = (of: 'memory' | 'longestPause'): number =>
      median(runs.map((run) => run.turns.at(-1)?.[of] ?? Number.NaN));
    return [
      name,
      median(runs.map((run) => marginal(run, 'cpu'))).toFixed(2),
      // Ratios are taken within a round, in which the machine is equally fast for all.
      ratio(
        median(runs.map((run, round) => (naiveCpu[round] ?? Number.NaN) / marginal(run, 'cpu'))),
      ),
      (1_000 / median(runs.map((run) => marginal(run, 'elapsed')))).toFixed(0),
      perBatch(0.5),
      perBatch(0.99),
      (most('memory') / 1e6).toFixed(0),
      most('longestPause').toFixed(0),
      right
        ? 'yes'
        : `no: ${last?.userEvents} of ${want}, ${last?.rejected} of ${wantRejected}, ${failures} failed`,
    ];
  });
  const results = await runPeers({
    servers,
    peers,
    short: short * options.batchSize,
    long: long * options.batchSize,
    rounds: options.rounds,
    onStep: printStep,
  });
  for (const result of results) allRight &&= isRight(result);
  rows.push(...results.map((result) => peerRow(result, median(naiveCpu))));
  print(table(head, rows.map(asShown), true));
  const { events, short: shortEvents, batchSize, rounds: count } = options;
  const about = { ...origin, events, short: shortEvents, batchSize, rounds: count };
  const measured = toResults(about, head, rows);
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify(measured, null, 2)}\n`);
  if (options.plot !== undefined) await writeFile(options.plot, await barPlot(cpuPlot(measured)));
  return allRight ? 0 : 1;
});
