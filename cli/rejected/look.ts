import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { slowProgress } from '../output/slow-progress.ts';
import type { Target } from '../target/target.ts';
import { count, number } from '../terminal/words.ts';
import { type FilterOptions, filterOf } from './filter-options.ts';
import { whereOf, whereText } from './places.ts';
import type { RejectedSummary, RowShape } from './row.ts';
import { type Progress, selectRejected } from './select.ts';

/** The parts of the table that a message names, of those that could not be read. */
const mostNamed = 5;

/** A look by the options of a command. */
interface CommandLook<T> {
  readonly rows: AsyncIterable<T>;
  /**
   * Tells what was read, and what was not.
   * @returns the exit code: 2 where a part could not be read.
   */
  readonly end: () => ExitCode;
}

/** Begins to look for the rejected records that the options name, and shows how far it is. */
export const beginLook = async <T extends RejectedSummary>(
  { signal, output }: Pick<Context, 'signal' | 'output'>,
  target: Target,
  options: FilterOptions,
  shape: RowShape<T>,
): Promise<CommandLook<T>> => {
  const filter = filterOf(options, target);
  const where = await whereOf(target, { ...options, filter }, signal);
  const client = await target.cassandra();
  const show = slowProgress(
    output,
    ({ read, parts, rows }: Progress) =>
      `${number(read)} of ${number(parts)} parts of rejected_events, ${count(rows, 'row')}`,
  );
  const look = await selectRejected(
    client,
    target.settings.keyspace,
    { where, filter, shape },
    signal,
    show,
  );
  return {
    rows: look.rows,
    end() {
      output.tell(whereText(where));
      return tellUnread(output, look.progress);
    },
  };
};

/**
 * Tells which parts of the table could not be read.
 * @returns the exit code: 2 where there are any.
 */
export const tellUnread = (
  { tell }: Pick<Context['output'], 'tell'>,
  { unread, parts }: Progress,
): ExitCode => {
  for (const { part, why } of unread.slice(0, mostNamed)) tell(`Not read: ${part}: ${why}`);
  if (unread.length === 0) return exitCodes.fine;
  tell(
    `Incomplete: ${count(unread.length, 'part')} of ${number(parts)} of rejected_events could not be read.`,
  );
  return exitCodes.incomplete;
};
