// `node run.js bench/peers/main.ts`: the peers alone, without the function beside them.
import { Command } from 'commander';
import { main } from '../../local/main.ts';
import { openServers } from '../../local/open-servers.ts';
import { wholeNumber } from '../../local/options.ts';
import { say, table } from '../../local/print.ts';
import { bentoPeers } from './bento.ts';
import { flinkPeers } from './flink.ts';
import { runPeers } from './run.ts';

const options = new Command('node run.js bench/peers/main.ts')
  .description('Measures Flink and Bento doing the work of the function. Needs Maven and Go.')
  .option('--events <n>', 'events of the long run', wholeNumber(2_000, 10_000_000), 500_000)
  .option('--short <n>', 'events of the short run', wholeNumber(1_000, 1_000_000), 100_000)
  .option('--rounds <n>', 'runs of each kind; medians are shown', wholeNumber(1, 100), 3)
  .option('--only <text>', 'only peers with this in their name', '')
  .parse()
  .opts<{ events: number; short: number; rounds: number; only: string }>();

await main(async (signal) => {
  await using servers = await openServers({ onStep: say, signal });
  const results = await runPeers({
    servers,
    peers: [...flinkPeers, ...bentoPeers].filter(({ name }) => name.includes(options.only)),
    short: options.short,
    long: options.events,
    rounds: options.rounds,
    onStep: say,
  });
  say(
    table(
      ['peer', 'CPU-s / million', 'events / s', 'MB', 'missing', 'different', 'unexpected', 'late'],
      results.map(({ peer, cpuSecondsPerMillion, eventsPerSecond, memory, rows, ...result }) => [
        peer,
        cpuSecondsPerMillion.toFixed(1),
        eventsPerSecond.toFixed(0),
        (memory / 1e6).toFixed(0),
        `${rows.missing}`,
        `${rows.different}`,
        `${rows.unexpected}`,
        result.dropsLate ? 'dropped' : `${result.late} written`,
      ]),
      true,
    ),
  );
  for (const { peer, rows } of results)
    for (const example of rows.examples.slice(0, 6)) say(`${peer}: ${example}`);
  return 0;
});
