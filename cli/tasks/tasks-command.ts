import type { Command } from 'commander';
import { operation, withParents } from '../operate/operation.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import type { ListOptions } from './list.ts';
import type { ShowOptions } from './show.ts';
import type { StopOptions } from './stop.ts';

/** What the command and its parts run. */
interface Runs {
  readonly list: (options: ListOptions) => Promise<void>;
  readonly show: (id: string, options: ShowOptions) => Promise<void>;
  readonly stop: (id: string, options: StopOptions) => Promise<void>;
}

const mostRows = 1_000_000_000;

/** The command that lists tasks and audit lines, with its parts. */
export const tasksCommand = (runs: Runs): Command =>
  operation({
    name: 'tasks',
    does:
      'Lists the tasks of 90 days, the newest first. A task is a run of a command that writes. The list says what was asked for, by ' +
      'whom, how it stands, and how many records had each outcome.',
    examples: [
      'tasks',
      'tasks show 20261125-101531-3f9a1c --outcome failed',
      'tasks stop 20261125-101531-3f9a1c',
    ],
    lists: true,
  })
    .option('--limit <n>', 'tasks at the most', wholeNumber(1, mostRows), 100)
    .option('--cql', 'only print the statement that makes the table of tasks, and read nothing')
    .enablePositionalOptions()
    .action((options) => runs.list(options))
    .addCommand(showCommand(runs))
    .addCommand(stopCommand(runs));

const showCommand = ({ show }: Runs): Command =>
  operation({
    name: 'show <task>',
    does: 'Shows a task, and what became of each record.',
    examples: [
      'tasks show 20261125-101531-3f9a1c',
      'tasks show 20261125-101531-3f9a1c --outcome failed --json',
    ],
    lists: true,
  })
    .option('--outcome <outcome>', 'only the records with this outcome')
    .option('--limit <n>', 'records at the most', wholeNumber(1, mostRows), 100)
    .action((id, options, command) => show(id, withParents(options, command)));

const stopCommand = ({ stop }: Runs): Command =>
  operation({
    name: 'stop <task>',
    does: 'Asks the process of a task to stop. The process ends what is in flight. The task can be resumed.',
    examples: ['tasks stop 20261125-101531-3f9a1c'],
  }).action((id, options, command) => stop(id, withParents(options, command)));
