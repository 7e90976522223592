import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { isUuid } from '../../functions/ingest/event/uuid-text.ts';
import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import { parseTable } from '../../schema/table-definition.ts';
import { createTables } from '../../schema/tables.ts';
import { type Context, type ExitCode, exitCodes } from '../operate/context.ts';
import { type CommonOptions, formOf } from '../operate/operation.ts';
import { printListing } from '../output/listing.ts';
import { slowProgress } from '../output/slow-progress.ts';
import type { Progress } from '../rejected/select.ts';
import type { Target } from '../target/target.ts';
import type { RunningTask } from '../tasks/running-task.ts';
import { openTasks } from '../tasks/tasks.ts';
import { checkOrder } from '../terminal/time-option.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count, number } from '../terminal/words.ts';
import { isHourly } from '../user/user-partitions.ts';
import { deleteBucket } from './delete-bucket.ts';
import {
  type Days,
  findBuckets,
  nameOf,
  type PersonBucket,
  type PersonRows,
} from './person-buckets.ts';
import { emptyRejected, findRejected, type PersonRejected } from './person-rejected.ts';

export interface ForgetOptions extends CommonOptions {
  readonly all?: boolean;
  readonly from?: number;
  readonly to?: number;
  readonly yes?: boolean;
}

const dayMs = 86_400_000;

/** Rows of `rejected_events` that are emptied at once. */
const mostUnderWay = 32;

/** What the tables have of a person. */
interface Found {
  readonly buckets: readonly PersonBucket[];
  readonly rejected: PersonRejected;
}

/** What the command cannot reach, one line each. */
const outOfReach = [
  'the topic: its retention ends the records, and a replay would write them again',
  'batches in the on-failure destination, and dead letters',
  'backups, snapshots and point-in-time recovery of the tables',
  'rows on the disks of Cassandra, until gc_grace_seconds and a compaction have passed',
  'files and tables that others have copied the events to',
];

/** Deletes a person's data, or counts it. */
export const forget = async (
  context: Context,
  id: string,
  options: ForgetOptions,
): Promise<ExitCode> => {
  const { output } = context;
  if (!isUuid(id))
    throw new UserFacingError(
      `A user is a uuid, such as 6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11 (given "${id}").`,
    );
  const user = id.toLowerCase();
  const days = daysOf(options);
  await using target = await context.openTarget(options);
  const tasks = await openTasks(target);
  const { settings } = target;
  const [statement = ''] = createTables(settings);
  const hourly = isHourly(parseTable(statement));
  const person: PersonRows = { client: await target.cassandra(), settings, hourly, user };

  const found = await look(context, target, person, days);
  await show(context, options, found);
  const { buckets, rejected } = found;
  const rows = buckets.reduce((sum, bucket) => sum + bucket.rows, 0);
  const what = `${count(rows, 'row')} of user_events and ${count(rejected.found.length, 'record')} of rejected_events`;
  output.tell(`${what} are the person’s.`);
  const isIncomplete = tellIncomplete(context, rejected);
  if (days !== 'all') output.tell('Days outside --from and --to were not looked at (--all).');
  if (rows === 0 && rejected.found.length === 0)
    return isIncomplete ? exitCodes.incomplete : exitCodes.fine;
  if (!options.yes && !(await context.confirm(`Delete ${what}?`))) {
    output.tell('Nothing was deleted. --yes does it.');
    return isIncomplete ? exitCodes.incomplete : exitCodes.fine;
  }

  const digest = createHash('sha256').update(user).digest('hex');
  const who = await context.caller();
  using task = await tasks.begin({
    command: 'forget',
    who,
    what: `the user whose id has the SHA-256 ${digest}`,
  });
  const isWhole = await deleteAll(context, person, found, task);
  for (const line of outOfReach) output.tell(`Not reached: ${line}.`);
  output.tell(`The audit line ${task.id} names the user by the SHA-256 of the id, ${digest}.`);
  if (!isWhole) return exitCodes.differs;
  return isIncomplete ? exitCodes.incomplete : exitCodes.fine;
};

const daysOf = ({ all = false, from, to = Date.now() + dayMs }: ForgetOptions): Days => {
  if (all === (from !== undefined))
    throw new UserFacingError(
      'Give --all, which reads the keys of the whole table, or --from <day>: the table lists nowhere which days a user has.',
    );
  if (from === undefined) return 'all';
  checkOrder(from, to);
  return { from, to };
};

const look = async (
  { output, signal }: Context,
  target: Target,
  person: PersonRows,
  days: Days,
): Promise<Found> => {
  const showBuckets = slowProgress(
    output,
    ([done, all]: readonly [number, number]) =>
      `${number(done)} of ${number(all)} parts of user_events`,
  );
  const buckets = await findBuckets(person, days, signal, (...now) => showBuckets(now));
  const rejected = await findRejected(
    target,
    person.user,
    signal,
    slowProgress(
      output,
      ({ read, parts, rows }: Progress) =>
        `${number(read)} of ${number(parts)} parts of rejected_events, ${count(rows, 'row')}`,
    ),
  );
  return { buckets, rejected };
};

const show = async (
  { output }: Context,
  options: ForgetOptions,
  { buckets, rejected }: Found,
): Promise<void> => {
  const byReason = Map.groupBy(rejected.found, ({ reason }) => reason);
  await printListing(
    output,
    [
      ...buckets.map((bucket) => ({
        table: 'user_events',
        what: nameOf(bucket),
        rows: bucket.rows,
      })),
      ...[...byReason].map(([what, { length: rows }]) => ({
        table: 'rejected_events',
        what,
        rows,
      })),
    ],
    { form: formOf(options), columns: ['table', 'what', 'rows'] },
  );
};

/** Tells what could not be looked at. */
const tellIncomplete = ({ output }: Context, { unknown, unread }: PersonRejected): boolean => {
  for (const one of unread.slice(0, 5)) output.tell(`Not read: ${one}`);
  if (unread.length > 0)
    output.tell(
      `Incomplete: ${count(unread.length, 'part')} of rejected_events could not be read.`,
    );
  if (unknown > 0)
    output.tell(
      `Incomplete: ${count(unknown, 'rejected record')} cannot be decoded without a schema that cannot be fetched. It is not known whose they are.`,
    );
  return unknown > 0 || unread.length > 0;
};

/** Deletes what was found. @returns false where a part of it is still there. */
const deleteAll = async (
  { output, signal: ofContext }: Context,
  person: PersonRows,
  { buckets, rejected }: Found,
  task: RunningTask,
): Promise<boolean> => {
  const signal = AbortSignal.any([ofContext, task.signal]);
  const { client, settings } = person;
  const left: string[] = [];
  try {
    for (const bucket of buckets)
      if (await deleteBucket(person, bucket, signal)) task.count('rows deleted', bucket.rows);
      else left.push(nameOf(bucket));
    const limit = pLimit(mostUnderWay);
    await Promise.all(
      rejected.found.map((one) =>
        limit(async () => {
          signal.throwIfAborted();
          await emptyRejected(client, settings.keyspace, one);
          task.count('rejected records emptied');
        }),
      ),
    );
  } catch (error) {
    await task.end(signal.aborted ? 'stopped' : 'failed', 'run it again').catch(() => {});
    if (!(error instanceof IngestError)) throw error;
    throw new UserFacingError(`Not everything was deleted: ${error.message}. Run it again.`, {
      cause: error,
    });
  }
  const isWhole = left.length === 0;
  await task.end(isWhole ? 'done' : 'incomplete', isWhole ? '' : 'rows are still there');
  if (!isWhole)
    output.tell(
      `Rows are still there, or there again, on ${left.slice(0, 10).join(', ')}: does the topic still bring events of this user? Run it again.`,
    );
  return isWhole;
};
