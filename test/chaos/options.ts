import { Option } from 'commander';
import { scriptCommand } from '../../cli/terminal/command.ts';
import { wholeNumber } from '../../cli/terminal/whole-number.ts';
import { type StageName, stageNames } from './stage-names.ts';

export interface ChaosOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly rounds?: number;
  readonly rate: number;
  readonly only?: StageName;
  readonly short: boolean;
  readonly json: boolean;
}

/** Reads the command line; prints help or a mistake, and exits. */
export const readOptions = (argv: readonly string[]): ChaosOptions =>
  scriptCommand({
    name: 'chaos',
    does:
      'Breaks real servers under load, round after round, and compares every row of every table with what must be there. ' +
      'The same seed draws the same rounds and faults.',
    takes:
      'the minutes of --minutes, and up to two more to start servers and to end the last round',
  })
    .option('--minutes <n>', 'no round begins after this time', wholeNumber(1, 10_000), 5)
    .option(
      '--seed <n>',
      'the seed of the first round of each kind; each later round has the next one',
      wholeNumber(0, 1e9),
      1,
    )
    .option('--rounds <n>', 'rounds at the most', wholeNumber(1, 100_000))
    .option('--rate <n>', 'events a second', wholeNumber(1, 10_000), 300)
    .addOption(new Option('--only <stage>', 'rounds of one kind').choices(stageNames))
    .option('--short', 'each fault as short as it can be', false)
    .option('--json', 'print the rounds as JSON', false)
    .parse(argv)
    .opts<ChaosOptions>();
