import type { types } from 'cassandra-driver';
import { type Command, Option } from 'commander';
import { isUuid } from '../../functions/ingest/event/uuid-text.ts';
import { parseTable } from '../../schema/table-definition.ts';
import { createTables } from '../../schema/tables.ts';
import { topicName } from '../kafka/topic-name.ts';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf, operation } from '../operate/operation.ts';
import { printListing } from '../output/listing.ts';
import { matchingText } from '../terminal/matching-text.ts';
import { isoTime } from '../terminal/print.ts';
import { checkOrder, timeOption } from '../terminal/time-option.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { wholeNumber } from '../terminal/whole-number.ts';
import { count, number } from '../terminal/words.ts';
import { locateAll, mostLocated, usualReads } from './locate-all.ts';
import { bucketsOf, isHourly } from './user-partitions.ts';

interface UserOptions extends CommonOptions {
  readonly from?: number;
  readonly to?: number;
  readonly type?: string;
  readonly limit: number;
  readonly cql?: boolean;
  /** The most records to read; true where no number is given. */
  readonly locate?: number | true;
}

const usualDays = 30;
const dayMs = 86_400_000;

/** The command that lists a user's events. */
export const userCommand = (run: (id: string, options: UserOptions) => Promise<void>): Command =>
  operation({
    name: 'user <id>',
    does: 'Lists the events of a user across days, the newest first. The table has a partition for each day or hour, and each is read on its own.',
    examples: [
      'user 6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11',
      'user 6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11 --from 2026-11-01 --type click --json',
      'user 6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11 --limit 10 --locate',
    ],
    lists: true,
  })
    .option(
      '--from <time>',
      `the first event time: in UTC, or as a time ago (default: ${usualDays} days ago)`,
      (text) => timeOption(text),
    )
    .option(
      '--to <time>',
      'the last event time (default: a day ahead, for clocks that are fast)',
      (text) => timeOption(text),
    )
    .option('--type <type>', 'only events of this event_type')
    .option('--limit <n>', 'events at the most', wholeNumber(1, 10_000_000), 100)
    .option(
      '--locate [records]',
      `also look for the record of each event in the topic; this many records are read at the most (default: ${number(usualReads)})`,
      wholeNumber(1, 1_000_000_000),
    )
    .addOption(
      new Option(
        '--topic <name>',
        'the topic that --locate reads (default: the pipeline’s)',
      ).argParser(matchingText(topicName)),
    )
    .option('--cql', 'only print the CQL statements, and read nothing')
    .action(run);

/** Lists a user's events. */
export const user = async (
  context: Context,
  id: string,
  options: UserOptions,
): Promise<ExitCode> => {
  const { output, openTarget, signal } = context;
  if (!isUuid(id))
    throw new UserFacingError(
      `A user is a uuid, such as 6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11 (given "${id}").`,
    );
  if (options.locate !== undefined && options.limit > mostLocated)
    throw new UserFacingError(
      `--locate looks for the records of ${number(mostLocated)} events at most: lower --limit.`,
    );
  const now = Date.now();
  const { from = now - usualDays * dayMs, to = now + dayMs, type, limit } = options;
  checkOrder(from, to);
  await using target = await openTarget(options);
  const { settings } = target;
  const [statement = ''] = createTables(settings);
  const table = parseTable(statement);
  const columns = table.columns.map(({ name }) => name);
  const buckets = bucketsOf(from, to, isHourly(table));
  const query = (bucket: { date: string; hour: number | null }): string =>
    `SELECT ${columns.map((name) => `"${name}"`).join(', ')} FROM ${settings.keyspace}.user_events ` +
    `WHERE user_id = ${id} AND bucket_date = '${bucket.date}'` +
    (bucket.hour === null ? '' : ` AND bucket_hour = ${bucket.hour}`) +
    ` AND event_time >= '${isoTime(from)}' AND event_time <= '${isoTime(to)}'`;
  if (options.cql) {
    for (const bucket of buckets) output.print(`${query(bucket)};`);
    return exitCodes.fine;
  }
  const client = await target.cassandra();
  let rest = limit;
  const rows = async function* (): AsyncGenerator<types.Row> {
    for (const bucket of buckets) {
      signal.throwIfAborted();
      const result = await client.execute(query(bucket), [], { prepare: false, fetchSize: 1_000 });
      for await (const row of result) {
        if (type !== undefined && row['event_type'] !== type) continue;
        yield row;
        rest -= 1;
        if (rest === 0) return;
      }
    }
  };
  const located =
    options.locate === undefined
      ? null
      : await locateAll(context, target, await Array.fromAsync(rows()), options.locate);
  const printed = await printListing(output, located?.rows ?? rows(), {
    form: formOf(options),
    columns: located === null ? columns : [...columns, 'record'],
    hidden: ['user_id', 'bucket_date', 'bucket_hour'],
  });
  output.tell(
    `${count(printed, 'event')} between ${isoTime(from)} and ${isoTime(to)}` +
      (rest === 0 ? '; there may be more (--limit).' : '.'),
  );
  return located?.end() ?? exitCodes.fine;
};
