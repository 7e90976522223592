// `npm run bench:cold`: measures the milliseconds from the start of a process to its first acknowledged write, with the shipped
// bundle. Runs of all kinds take turns; the figures are medians.
import { stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { scriptCommand } from '../cli/terminal/command.ts';
import { main } from '../cli/terminal/main.ts';
import { print, printStep, table } from '../cli/terminal/print.ts';
import { quitWhile } from '../cli/terminal/quit-while.ts';
import { wholeNumber } from '../cli/terminal/whole-number.ts';
import { bundleFunction } from '../local/bundle.ts';
import { openKeyspace } from '../local/keyspace.ts';
import { type CassandraServer, startCassandra } from '../local/servers/cassandra.ts';
import { temporaryFolder } from '../local/servers/temporary-folder.ts';
import { firstWrite, onlyCassandra, passwordOf, pointsOf, type Start } from './first-write.ts';
import { firstEvents } from './recording.ts';
import { median } from './statistics.ts';

const { rounds, against } = scriptCommand({
  name: 'bench:cold',
  does: 'Measures cold starts, with the database in the clear and with TLS and a password. Starts two Cassandras.',
  takes: 'about two minutes',
})
  .option('--rounds <n>', 'runs of each kind; medians are shown', wholeNumber(1, 1_000), 15)
  .option('--against <index.mjs>', 'another bundle, which is started by turns with this one')
  .parse()
  .opts<{ rounds: number; against?: string }>();

interface Kind extends Start {
  readonly name: string;
}

const medianOf = (runs: readonly number[][], part: number): string =>
  median(runs.map((run) => run[part] ?? Number.NaN))
    .toFixed(0)
    .replace('NaN', '');

/** Gives both servers to a stack, which closes the one where the other does not start. */
const bothOf = async (
  starting: readonly [Promise<CassandraServer>, Promise<CassandraServer>],
  opened: AsyncDisposableStack,
): Promise<[CassandraServer, CassandraServer]> => {
  for (const one of await Promise.allSettled(starting))
    if (one.status === 'fulfilled') opened.use(one.value);
  return Promise.all(starting);
};

await main(async (signal) => {
  await using opened = new AsyncDisposableStack();
  const { path: folder } = opened.use(await temporaryFolder('cold-start'));
  const bundle = await bundleFunction(join(folder, 'bundle'));
  const event = join(folder, 'event.json');
  const [text = ''] = firstEvents(1, { recordsPerBatch: 1, partitions: 6 });
  await writeFile(event, text);

  printStep('Starting two Cassandras …');
  const [plain, secured] = await quitWhile(signal, () =>
    bothOf([startCassandra(), startCassandra({ tls: true, password: true })], opened),
  );
  const login = opened.use(await passwordOf(secured));
  Object.assign(process.env, login.aws);
  const kinds: Kind[] = [{ name: 'Node alone', environment: {}, args: [] }];
  for (const [name, cassandra] of [
    ['plain', pointsOf(plain)],
    ['TLS and password', { ...pointsOf(secured), ...login.environment }],
  ] as const) {
    const keyspace = opened.use(await openKeyspace(onlyCassandra(cassandra)));
    const environment = { ...login.aws, ...keyspace.environment };
    const cache = { NODE_COMPILE_CACHE: join(folder, name) };
    kinds.push({ name, environment, args: [bundle, event] });
    if (against !== undefined) {
      kinds.push({ name: `${name}, the other`, environment, args: [resolve(against), event] });
      continue;
    }
    kinds.push({
      name: `${name}, compile cache`,
      environment: { ...environment, ...cache },
      args: [bundle, event],
    });
  }
  const times = new Map(kinds.map(({ name }) => [name, [] as number[][]]));
  // The first round fills the caches and is not counted.
  for (let round = 0; round <= rounds; round += 1)
    for (const kind of kinds) {
      const took = await firstWrite(kind, signal);
      if (round > 0) times.get(kind.name)?.push(took);
    }
  const { size } = await stat(bundle);
  print(`The file that every start reads has ${(size / 1000).toFixed(0)} kB.`);
  print(
    table(
      ['process', 'ms to the first write', 'boot', 'init', 'first batch'],
      [...times].map(([name, all]) => [name, ...[0, 1, 2, 3].map((part) => medianOf(all, part))]),
      true,
    ),
  );
  return 0;
});
