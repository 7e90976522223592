import { type Command, Option } from 'commander';
import { operation } from '../operate/operation.ts';
import { withFilter } from '../rejected/filter-options.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import { outcomes } from './outcome.ts';
import type { RedriveOptions } from './redrive.ts';

const most = 1_000_000_000;

/** The command that redrives records. */
export const redriveCommand = (run: (options: RedriveOptions) => Promise<void>): Command =>
  withFilter(
    operation({
      name: 'redrive',
      does:
        'Redrives records that became no row, into the tables or to the topic: rejected records, failed batches, dead letters of other ' +
        'programs, or the findings of verify. Without --yes the command only counts them, and tells what the function’s own code would ' +
        'make of each. A redriven record is marked, and no other task redrives it unless --again is given.',
      examples: [
        'redrive --reason late --to tables',
        'redrive --reason undecodable --since 2h --to tables --yes --rate 200',
        'redrive --from-file findings.jsonl --to tables --yes',
        'redrive --from-failed --stage prod --to topic',
        'redrive --from-failed ./on-failure --to tables --remove --yes',
        'redrive --from-dead-letters events-dlq --to topic --limit 10 --yes',
        'redrive --resume 20261125-101531-3f9a1c',
      ],
      lists: true,
    }),
  )
    .addOption(
      new Option(
        '--to <where>',
        'tables: the rows are written by the function’s own code, whatever the watermark says, and checkpoints stay; topic: the records ' +
          'are produced again, with headers that say where they come from',
      ).choices(['tables', 'topic']),
    )
    .option('--from-file <file>', 'the findings of verify, in place of rejected records')
    .option(
      '--from-failed [place]',
      'failed batches in AWS’s envelopes: a folder, s3://<bucket>/<prefix>, the https:// address of a queue, or kafka://<topic> (default: ' +
        'the on-failure destination of the pipeline)',
    )
    .option(
      '--from-dead-letters <topic>',
      'dead letters of Kafka Connect, Kafka Streams, share groups or Spring',
    )
    .option(
      '--remove',
      'with --from-failed: remove the files or objects whose records are all settled',
    )
    .option('--yes', 'do it, without a question')
    .option('--overwrite', 'with --to tables: write over the row of another record')
    .option('--again', 'also redrive records that an earlier task has redriven')
    .option(
      '--tries <most>',
      'how often a record is redriven at the most, over all tasks (default: 3)',
      wholeNumber(1, 1_000),
    )
    .option('--rate <n>', 'records a second at the most (default: no bound)', wholeNumber(1, most))
    .option('--limit <n>', 'records at the most (default: all)', wholeNumber(1, most))
    .option(
      '--resume <task>',
      'go on with a task that was stopped, or that failed in whole or in part',
    )
    .addHelpText(
      'after',
      `\nWhat can become of a record:\n${Object.entries(outcomes)
        .map(([name, { means }]) => `  ${name.padEnd(17)} ${means}`)
        .join('\n')}\nThe exit code is 1 if a record has any outcome but the first four.`,
    )
    .action(run);
