import { type Command, Option } from 'commander';
import { operation, withParents } from '../operate/operation.ts';
import { timeOption } from '../terminal/time-option.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import type { ExportOptions } from './export.ts';
import { type FilterOptions, withFilter } from './filter-options.ts';
import { type ListOptions, usualLimit } from './list.ts';
import type { ShowOptions } from './show.ts';

/** What the command and its parts run. */
interface Runs {
  readonly group: (options: FilterOptions) => Promise<void>;
  readonly list: (options: ListOptions) => Promise<void>;
  readonly show: (record: string, options: ShowOptions) => Promise<void>;
  readonly export: (options: ExportOptions) => Promise<void>;
}

const mostRows = 1_000_000_000;

/** The command that looks at rejected records, with its parts. */
export const rejectedCommand = (runs: Runs): Command =>
  withFilter(
    operation({
      name: 'rejected',
      does:
        'Groups the rejected records by reason and detail: a bad deploy is one line with a count. The table is read by days of Kafka ' +
        'timestamps, and the command names the days that it has read; --all reads the whole table.',
      examples: [
        'rejected',
        'rejected --since 2h --reason undecodable,unknown_schema',
        'rejected list --reason late --partition 3 --since 1d --csv',
        'rejected show user-events/0/1234',
        'rejected export --reason late --out late.jsonl',
      ],
      lists: true,
    }),
  )
    .enablePositionalOptions()
    .action((options) => runs.group(options))
    .addCommand(listCommand(runs))
    .addCommand(showCommand(runs))
    .addCommand(exportCommand(runs));

const listCommand = ({ list }: Runs): Command =>
  withFilter(
    operation({
      name: 'list',
      does: 'Lists the rejected records, by topic, partition, day and offset.',
      examples: [
        'rejected list --reason late --since 2h',
        'rejected list --detail "schema 7" --limit 10 --json',
      ],
      lists: true,
    }),
  )
    .option('--limit <n>', `records at the most (default: ${usualLimit})`, wholeNumber(1, mostRows))
    .action((options, command) => list(withParents(options, command)));

const showCommand = ({ show }: Runs): Command =>
  operation({
    name: 'show <topic/partition/offset>',
    does:
      'Shows a rejected record: the reason, its times and the watermarks near it, key, value and headers in hexadecimal digits, and the ' +
      'event that each wire format and schema reads of it.',
    examples: ['rejected show user-events/0/1234', 'rejected show user-events/0/1234 --json'],
  })
    .option(
      '--since <time>',
      'the first Kafka timestamp that it may have (default: as long ago as rejected records are kept)',
      (text) => timeOption(text),
    )
    .option('--all', 'look for it in the whole table')
    .action((record, options, command) => show(record, withParents(options, command)));

const exportCommand = (runs: Runs): Command =>
  withFilter(
    operation({
      name: 'export',
      does:
        'Writes rejected records as JSON lines, with key, value and headers in base64. They tell what people did: keep the file as safe ' +
        'as the table.',
      examples: [
        'rejected export --reason late > late.jsonl',
        'rejected export --since 1h --out rejected.jsonl',
      ],
    }),
  )
    .option('--limit <n>', 'records at the most (default: all)', wholeNumber(1, mostRows))
    .addOption(
      new Option('--out <file>', 'a new file that receives the lines (default: standard output)'),
    )
    .action((options, command) => runs.export(withParents(options, command)));
