import { Command, Option } from 'commander';
import { wholeNumber } from '../../local/options.ts';
import { type StageName, stageNames } from './stages.ts';

export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly rounds?: number;
  readonly rate: number;
  readonly only?: StageName;
  readonly short: boolean;
}

/** Reads the command line; prints help or a mistake, and exits. */
export const readOptions = (argv: readonly string[]): ChaosOptions =>
  new Command('npm run chaos --')
    .description(
      'Breaks real servers under load, round after round, and holds every row of every table against what must be there. ' +
        'The same seed draws the same rounds and faults.',
    )
    .option('--minutes <n>', 'no round begins after so many', wholeNumber(1, 10_000), 5)
    .option(
      '--seed <n>',
      'of the first round of each kind; each later one has the next',
      wholeNumber(0, 1e9),
      1,
    )
    .option('--rounds <n>', 'so many rounds at the most', wholeNumber(1, 100_000))
    .option('--rate <n>', 'events a second', wholeNumber(1, 10_000), 300)
    .addOption(new Option('--only <stage>', 'rounds of one kind').choices(stageNames))
    .option('--short', 'each fault as short as it can be', false)
    .showHelpAfterError('(--help lists the options)')
    .allowExcessArguments(false)
    .parse([...argv], { from: 'user' })
    .opts<ChaosOptions>();
