import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf } from '../operate/operation.ts';
import { firstOf } from '../output/first-of.ts';
import { printListing } from '../output/listing.ts';
import { count } from '../terminal/words.ts';
import { createOperationsTable } from './operations-table.ts';
import { countsText, stateText } from './task-text.ts';
import { openTasks } from './tasks.ts';

export interface ListOptions extends CommonOptions {
  readonly limit: number;
  readonly cql?: boolean;
}

const columns = [
  'task',
  'command',
  'state',
  'started',
  'who',
  'what',
  'counts',
  'detail',
  'updated',
];

/** Lists tasks and audit lines. */
export const listTasks = async (
  { output, openTarget, signal }: Context,
  options: ListOptions,
): Promise<ExitCode> => {
  await using target = await openTarget(options);
  if (options.cql) {
    output.print(createOperationsTable(target.settings.keyspace));
    return exitCodes.fine;
  }
  const tasks = await openTasks(target);
  const rows = firstOf(tasks.list(signal), options.limit, (task) => ({
    task: task.id,
    command: task.command,
    state: stateText(task),
    started: new Date(task.startedAt),
    who: task.who,
    what: task.what,
    counts: countsText(task.counts),
    detail: task.detail,
    updated: new Date(task.updatedAt),
  }));
  const form = formOf(options);
  const printed = await printListing(output, rows, {
    form,
    columns,
    hidden: ['detail', 'updated'],
  });
  output.tell(
    printed === 0
      ? 'No command has written anything in the last 90 days.'
      : `${count(printed, 'task')}. \`user-events tasks show <task>\` has what became of each record.`,
  );
  return exitCodes.fine;
};
