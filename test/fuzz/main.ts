// `npm run fuzz`: checks the laws with hostile inputs; `-- --help` lists the options.
import { Command, Option } from 'commander';
import { main } from '../../local/main.ts';
import { wholeNumber } from '../../local/options.ts';
import { print, table } from '../../local/print.ts';
import { laws } from './laws.ts';

interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly only?: keyof typeof laws;
  readonly path?: string;
}

const highestSeed = 2 ** 31 - 1;
const random = Math.floor(Math.random() * highestSeed);

const { inputs, seed, only, path } = new Command('npm run fuzz --')
  .description(
    'Feeds the function values of records, in Avro and JSON, with and without a wire format, and whole events that nobody should send, and ' +
      'holds what becomes of them to the laws of test/fuzz/. Of ten inputs five are values, three framed, and two events.',
  )
  .option('--inputs <n>', 'how many', wholeNumber(1, 1_000_000_000), 1_000_000)
  .option('--seed <n>', 'the same seed makes the same inputs', wholeNumber(0, highestSeed), random)
  .addOption(new Option('--only <kind>', 'one kind of input').choices(Object.keys(laws)))
  .option('--path <path>', 'repeats the input that a failure named; with its --seed and --only')
  .showHelpAfterError('(--help lists the options)')
  .allowExcessArguments(false)
  .parse(process.argv.slice(2), { from: 'user' })
  .opts<FuzzOptions>();

const shares = { values: 0.5, framed: 0.3, events: 0.2 };

await main(async () => {
  print(`${inputs} inputs, seed ${seed}`);
  for (const [kind, law] of Object.entries(laws)) {
    if (only !== undefined && only !== kind) continue;
    const share = only === undefined ? shares[kind as keyof typeof laws] : 1;
    const count = Math.ceil(inputs * share);
    const began = performance.now();
    const became = await law({ inputs: count, seed, ...(path === undefined ? {} : { path }) });
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const rows = [...became].sort(([, a], [, b]) => b - a).map(([what, n]) => [what, `${n}`]);
    print(
      `\n${count} ${kind} in ${seconds} s; of them became\n${table(['', 'times'], rows, true)}`,
    );
  }
  const megabytes = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  print(`\nEvery input had its outcome. The process took ${megabytes} MiB at the most.`);
  return 0;
});
