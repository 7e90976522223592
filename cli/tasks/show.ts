import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf } from '../operate/operation.ts';
import { firstOf } from '../output/first-of.ts';
import { printListing } from '../output/listing.ts';
import { isoTime } from '../terminal/print.ts';
import { count } from '../terminal/words.ts';
import { readOutcomes } from './outcomes.ts';
import { countsText, stateText } from './task-text.ts';
import { openTasks } from './tasks.ts';

export interface ShowOptions extends CommonOptions {
  readonly outcome?: string;
  readonly limit: number;
}

/** Shows a task, and what became of each record. */
export const showTask = async (
  { output, openTarget, signal }: Context,
  id: string,
  options: ShowOptions,
): Promise<ExitCode> => {
  await using target = await openTarget(options);
  const task = await (await openTasks(target)).find(id);
  const form = formOf(options);
  const say = form === 'table' ? output.print : output.tell;
  say(`${task.command}: ${task.what}`);
  say(`${stateText(task)}${task.detail === '' ? '' : `: ${task.detail}`}`);
  say(`by ${task.who}, from ${isoTime(task.startedAt)} to ${isoTime(task.updatedAt)}`);
  say(`counts: ${countsText(task.counts) || 'none'}`);

  const { limit, outcome: wanted } = options;
  const all = readOutcomes(await target.cassandra(), target.settings.keyspace, task.id, signal);
  const meant = async function* () {
    for await (const one of all) if (wanted === undefined || one.outcome === wanted) yield one;
  };
  const rows = firstOf(meant(), limit, (one) => ({ ...one }));
  const columns = ['record', 'outcome', 'detail', 'at'];
  try {
    const printed = await printListing(output, rows, { form, columns, hidden: ['at'] });
    const more = printed === limit ? '; there may be more (--limit)' : '';
    output.tell(`${count(printed, 'record')}${more}.`);
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    output.tell(`The records could not be read to their end: ${error.message}.`);
    return exitCodes.incomplete;
  }
  return exitCodes.fine;
};
