import type { types } from 'cassandra-driver';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import type { ListingRow } from '../output/listing.ts';
import { slowProgress } from '../output/slow-progress.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count } from '../terminal/words.ts';
import { locate } from './locate.ts';
import { windowText } from './windows.ts';

/** The most events whose records are looked for, and the offsets that are read for them unless it is said otherwise. */
export const [mostLocated, usualReads] = [1_000, 100_000];

/** Rows with the places of their records, and what was not looked at. */
interface LocatedRows {
  readonly rows: readonly ListingRow[];
  /**
   * Tells what was read, and what was not.
   * @returns the exit code: 2 where a part that may have records was not read.
   */
  readonly end: () => ExitCode;
}

/**
 * Looks for the records of rows in the topic.
 * @param most the most offsets to read; true for the usual number.
 * @throws {UserFacingError} where no topic is named, or it cannot be read.
 */
export const locateAll = async (
  { output, signal }: Pick<Context, 'output' | 'signal'>,
  target: Target,
  rows: readonly types.Row[],
  most: number | true,
): Promise<LocatedRows> => {
  const { topic } = target;
  if (topic === null) throw new UserFacingError('Which topic has the records? Name it by --topic.');
  const show = slowProgress(
    output,
    ({ read, found }: { readonly read: number; readonly found: number }) =>
      `${count(read, 'record')} read, ${found} of ${count(rows.length, 'event')} found`,
  );
  const { places, read, unread } = await locate(target, rows, {
    topic,
    most: most === true ? usualReads : most,
    signal,
    onRead: show,
  });
  return {
    rows: rows.map((row) => ({
      ...Object.fromEntries(row.keys().map((name) => [name, row[name]])),
      record: places.get(row)?.join(' ') ?? null,
    })),
    end(): ExitCode {
      const missing = rows.length - places.size;
      output.tell(
        `${places.size} of ${count(rows.length, 'event')} found in ${topic}: ${count(read, 'offset')} read, of Kafka timestamps from ` +
          `${windowText} the events.` +
          (missing > 0 && unread === 0
            ? ' The others have other timestamps, or Kafka has deleted their records.'
            : ''),
      );
      if (unread === 0) return exitCodes.fine;
      output.tell(
        `Not looked at: ${count(unread, 'offset')}. --locate ${read + unread} reads them too.`,
      );
      return exitCodes.incomplete;
    },
  };
};
