// `npm run fuzz`: checks the laws with hostile inputs; `-- --help` lists the options.
import { InvalidArgumentError, Option } from 'commander';
import { scriptCommand } from '../../cli/terminal/command.ts';
import { main } from '../../cli/terminal/main.ts';
import { print, printJson, printStep, table, verdict } from '../../cli/terminal/print.ts';
import { wholeNumber } from '../../cli/terminal/whole-number.ts';
import { count, number } from '../../cli/terminal/words.ts';
import { duration } from '../../functions/ingest/pipeline/duration.ts';
import { type LawName, lawNames, shares } from './shares.ts';
import { runInWorker } from './workers.ts';

interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  readonly only?: LawName;
  readonly path?: string;
  readonly json: boolean;
}

const highestSeed = 2 ** 31 - 1;
const random = Math.floor(Math.random() * highestSeed);

const inputPath = (text: string): string => {
  if (!/^\d+(:\d+)*$/.test(text))
    throw new InvalidArgumentError(
      'It must be numbers with colons between, as a failure names it.',
    );
  return text;
};

const command = scriptCommand({
  name: 'fuzz',
  does:
    'Feeds the function values of records, in Avro and JSON, with and without a wire format, and whole events that nobody should send, and ' +
    'compares what becomes of them with the laws of test/fuzz/. Half of the inputs are values, three tenths are values in a wire format, and two tenths are events.',
  takes: 'about ten minutes for a million inputs',
})
  .option('--inputs <n>', 'how many inputs', wholeNumber(1, 1_000_000_000), 1_000_000)
  .option('--seed <n>', 'the same seed makes the same inputs', wholeNumber(0, highestSeed), random)
  .addOption(new Option('--only <kind>', 'one kind of input').choices(lawNames))
  .addOption(
    new Option(
      '--path <path>',
      'repeats one input, which a failure named with its --seed and --only',
    )
      .argParser(inputPath)
      .conflicts('inputs'),
  )
  .option('--json', 'print the numbers as JSON', false)
  .parse();
const { inputs, seed, only, path, json } = command.opts<FuzzOptions>();
if (path !== undefined && (only === undefined || command.getOptionValueSource('seed') !== 'cli'))
  command.error('error: --path needs the --only and the --seed that the failure named with it');

await main(async (signal) => {
  const ran = [];
  if (path === undefined) printStep(`${count(inputs, 'input')}, seed ${seed}`);
  for (const kind of only === undefined ? lawNames : [only]) {
    const share = only === undefined ? shares[kind] : 1;
    const all = path === undefined ? Math.ceil(inputs * share) : 1;
    const began = performance.now();
    const became = await runInWorker(
      { kind, run: { inputs: all, seed, ...(path === undefined ? {} : { path }) } },
      signal,
    );
    const took = performance.now() - began;
    const rows = [...became].sort(([, a], [, b]) => b - a);
    ran.push({
      kind,
      inputs: all,
      milliseconds: Math.round(took),
      became: Object.fromEntries(rows),
    });
    if (json) continue;
    print(
      path === undefined
        ? `\n${number(all)} of the ${kind} in ${duration(took)}; of them became`
        : `The input of path ${path} became`,
    );
    print(
      table(
        ['', 'times'],
        rows.map(([what, times]) => [what, number(times)]),
        true,
      ),
    );
  }
  const mebibytes = Math.round(process.resourceUsage().maxRSS / 1024);
  if (json) printJson({ seed, ran, mebibytes });
  else
    print(
      `\n${verdict(true, path === undefined ? 'Every input had its outcome.' : 'The input had its outcome.')} ` +
        `The process took ${number(mebibytes)} MiB at the most.`,
    );
  return 0;
});
