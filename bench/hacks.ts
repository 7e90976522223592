// `npm run bench:hacks`: measures the effect of each use of the internals of Node, V8, glibc or a package. The shipped bundle takes turns
// with bundles that lack one of these uses; the shipped code has no switch for them.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { print, printStep, table } from '../cli/terminal/print.ts';
import { quitWhile } from '../cli/terminal/quit-while.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { bundleOptions, completeBundle } from '../infra/bundling.ts';
import { openKeyspace } from '../local/keyspace.ts';
import { openServers } from '../local/open-servers.ts';
import { startCassandra } from '../local/servers/cassandra.ts';
import { temporaryFolder } from '../local/servers/temporary-folder.ts';
import { firstWrite, onlyCassandra, passwordOf, pointsOf } from './first-write.ts';
import { firstEvents, record } from './recording.ts';
import { median, sum } from './statistics.ts';
import { takeTurns } from './turns.ts';

/** The bundle and the process without one hack. */
interface Without {
  readonly name: string;
  /** The replacement of a file or module: a pattern of its path, and the text of an ES module. */
  readonly instead?: readonly [RegExp, string];
  /** The packages to bundle without the substitutes of infra/bundling.ts. */
  readonly unaliased?: readonly string[];
  readonly esbuild?: BuildOptions;
  readonly environment?: Readonly<Record<string, string>>;
  /** True for esbuild's own output: without the parentheses, and with packages in the source maps. */
  readonly uncompleted?: boolean;
}

const noMaps: Without = {
  name: 'source maps',
  esbuild: { sourcemap: false },
  environment: { NODE_OPTIONS: '' },
};

/** The hacks that affect batches. */
const inBatches: readonly Without[] = [
  {
    name: 'buffers used again',
    instead: [
      /\/buffer-pool\.ts$/,
      'export class BufferPool { acquire(length) { return Buffer.allocUnsafe(length); } release() {} }',
    ],
  },
  {
    name: '--no-allocation-site-pretenuring',
    instead: [/^node:v8$/, 'export const setFlagsFromString = () => {};'],
  },
  { name: 'names of functions', esbuild: { keepNames: false } },
  // 0 is glibc's own choice.
  { name: 'MALLOC_ARENA_MAX', environment: { MALLOC_ARENA_MAX: '0' } },
  noMaps,
];

/** The hacks that affect starts. */
const inStarts: readonly Without[] = [
  { name: 'node-http.js', unaliased: ['node:http'] },
  { name: 'long.cjs', unaliased: ['long'] },
  { name: 'no-adm-zip.js', unaliased: ['adm-zip'] },
  { name: 'parentheses and own source maps', uncompleted: true },
  noMaps,
];

const shipped: Without = { name: 'nothing' };
/** The shipped bundle twice: what differs between the two is no hack's. */
const control: Without = { name: 'nothing, once more' };

const options = scriptCommand({
  name: 'bench:hacks',
  does: 'Measures the function without each use of the internals of Node, V8, glibc or a package. Starts Cassandras.',
  takes: 'about 20 minutes',
})
  .option('--events <n>', 'events of each consumer', wholeNumber(2_000, 10_000_000), 600_000)
  .option(
    '--short <n>',
    'how many of these are not measured, at the beginning',
    wholeNumber(1_000, 10_000_000),
    400_000,
  )
  .option('--starts <n>', 'starts of each kind', wholeNumber(1, 1_000), 15)
  .parse()
  .opts<{ events: number; short: number; starts: number }>();

const batchSize = 1_000;

const tablesFile = join(import.meta.dirname, '../schema/tables.cql');

const bundleWithout = async (
  { instead, unaliased = [], esbuild, uncompleted = false }: Without,
  folder: string,
): Promise<string> => {
  const { alias, ...others } = bundleOptions(
    join(import.meta.dirname, '../functions/ingest/handler.ts'),
    folder,
  );
  await build({
    ...others,
    alias: Object.fromEntries(Object.entries(alias).filter(([name]) => !unaliased.includes(name))),
    ...esbuild,
    plugins:
      instead === undefined
        ? []
        : [
            {
              name: 'instead',
              setup: ({ onResolve, onLoad }) => {
                const [filter, contents] = instead;
                onResolve({ filter }, ({ path }) => ({ path, namespace: 'instead' }));
                onLoad({ filter: /./, namespace: 'instead' }, () => ({ contents }));
              },
            },
          ],
  });
  if (uncompleted) await copyFile(tablesFile, join(folder, basename(tablesFile)));
  else completeBundle(folder);
  return join(folder, 'index.mjs');
};

/** Compares a figure with the shipped bundle's of the same minutes, for they take turns. */
const compare = (without: number, withIt: number, unit: string): string =>
  `${without.toFixed(unit === 'ms' ? 1 : 2)} ${unit} (${without > withIt ? '+' : ''}${((100 * (without - withIt)) / withIt).toFixed(1)} %)`;

const measureBatches = async (folder: string, signal: AbortSignal): Promise<string[][]> => {
  const span = { short: options.short / batchSize, long: options.events / batchSize };
  const recorded = join(folder, 'events');
  await mkdir(recorded);
  const recording = await record({
    folder: recorded,
    batches: span.long,
    recordsPerBatch: batchSize,
    partitions: 6,
  });
  const consumers = [];
  for (const without of [shipped, control, ...inBatches]) {
    const bundle = await bundleWithout(without, join(folder, `batches ${without.name}`));
    consumers.push({ name: without.name, bundle, environment: without.environment ?? {} });
  }
  await using servers = await openServers({ kafka: false, onStep: printStep, signal });
  const given = { recording, servers, profile: undefined, core: undefined };
  const rounds = await takeTurns(consumers, given, span, signal);
  const expected = recording.expected(span.long);
  const results = [...rounds].map(([name, { turns, userEvents, failures }]) => {
    if (userEvents !== expected.userEvents || failures > 0)
      throw new Error(`without ${name} there are other rows than with it`);
    return {
      name,
      cpu: sum(turns.map(({ cpu }) => cpu)) / ((span.long - span.short) * batchSize),
      memory: (turns.at(-1)?.memory ?? Number.NaN) / 1e6,
    };
  });
  const [base] = results as [(typeof results)[number]];
  return results.map(({ name, cpu, memory }) => [
    name,
    compare(cpu, base.cpu, 'CPU-s'),
    compare(memory, base.memory, 'MB'),
  ]);
};

const measureStarts = async (folder: string, signal: AbortSignal): Promise<string[][]> => {
  const event = join(folder, 'event.json');
  const [text = ''] = firstEvents(1, { recordsPerBatch: 1, partitions: 6 });
  await writeFile(event, text);
  printStep('Starting a Cassandra with TLS and a password …');
  await using cassandra = await quitWhile(signal, () =>
    startCassandra({ tls: true, password: true }),
  );
  await using login = await passwordOf(cassandra);
  Object.assign(process.env, login.aws);
  await using keyspace = await openKeyspace(
    onlyCassandra({ ...pointsOf(cassandra), ...login.environment }),
  );
  const kinds = [];
  for (const without of [shipped, control, ...inStarts]) {
    const bundle = await bundleWithout(without, join(folder, `starts ${without.name}`));
    const environment = { ...login.aws, ...keyspace.environment, ...without.environment };
    kinds.push({ name: without.name, environment, args: [bundle, event], took: [] as number[] });
  }
  // The first round fills the caches and is not counted.
  for (let round = 0; round <= options.starts; round += 1)
    for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const [took = Number.NaN] = await firstWrite(kind, signal);
      if (round > 0) kind.took.push(took);
    }
  const base = median(kinds[0]?.took ?? []);
  return kinds.map(({ name, took }) => [name, compare(median(took), base, 'ms')]);
};

await main(async (signal) => {
  await using opened = await temporaryFolder('hacks');
  const folder = opened.path;
  print(
    table(['without', 'CPU of a million events', 'memory'], await measureBatches(folder, signal)),
  );
  print(table(['without', 'to the first write'], await measureStarts(folder, signal)));
  return 0;
});
