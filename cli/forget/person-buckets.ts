import type { Client, types } from 'cassandra-driver';
import { isKeyspaces } from '../../functions/ingest/cassandra/connection/client-options.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import { readPages } from '../tables/read-pages.ts';
import { asTheyCome } from '../tables/several.ts';
import { tokenRanges } from '../tables/token-ranges.ts';
import { type Bucket, bucketsOf } from '../user/user-partitions.ts';

/** The days that are looked at: those between two times, or all that the table has. Times are in milliseconds. */
export type Days = 'all' | { readonly from: number; readonly to: number };

/** The reads under way at once. */
const mostUnderWay = 8;

/** A partition of the table with events of the person. */
export interface PersonBucket extends Bucket {
  readonly rows: number;
}

/** The table of events, and the person whose rows in it are meant. */
export interface PersonRows {
  readonly client: Client;
  readonly settings: Settings;
  /** True where the table has a partition for each hour. */
  readonly hourly: boolean;
  /** The person's id, as a uuid in small letters. */
  readonly user: string;
}

/** Writes the condition that picks a partition of the person, with its parameters. */
export const bucketKey = (
  { user, hourly }: Pick<PersonRows, 'user' | 'hourly'>,
  { date, hour }: Bucket,
): { readonly where: string; readonly parameters: readonly unknown[] } => ({
  where: `user_id = ? AND bucket_date = ?${hourly ? ' AND bucket_hour = ?' : ''}`,
  parameters: [user, date, ...(hourly ? [hour] : [])],
});

/**
 * Finds the partitions that have rows of the person, and counts the rows.
 * @param onProgress learns how many parts of the work are done, of how many.
 * @throws {IngestError} where the table cannot be read.
 */
export const findBuckets = async (
  person: PersonRows,
  days: Days,
  signal: AbortSignal,
  onProgress: (done: number, all: number) => void,
): Promise<PersonBucket[]> => {
  const buckets =
    days === 'all'
      ? await scan(person, signal, onProgress)
      : [...bucketsOf(days.from, days.to, person.hourly)];
  let done = 0;
  const counted = asTheyCome(
    buckets.map(
      (bucket) =>
        async function* () {
          const rows = await countRows(person, bucket, signal);
          done += 1;
          if (days !== 'all') onProgress(done, buckets.length);
          if (rows > 0) yield { ...bucket, rows };
        },
    ),
    mostUnderWay,
  );
  return (await Array.fromAsync(counted)).toSorted((one, other) =>
    nameOf(one) < nameOf(other) ? -1 : 1,
  );
};

/** Names a partition: its day, and its hour where it has one. */
export const nameOf = ({ date, hour }: Bucket): string =>
  hour === null ? date : `${date} ${String(hour).padStart(2, '0')}h`;

/** Counts the rows of a partition. Keyspaces has no aggregates, so that the keys are read. */
const countRows = async (
  person: PersonRows,
  bucket: Bucket,
  signal: AbortSignal,
): Promise<number> => {
  const { where, parameters } = bucketKey(person, bucket);
  const query = `SELECT event_time FROM ${person.settings.keyspace}.user_events WHERE ${where}`;
  let rows = 0;
  for await (const page of readPages(person.client, { query, parameters, pageRows: 5_000 }, signal))
    rows += page.length;
  return rows;
};

/** Looks for the person in the partition keys of the whole table. */
const scan = async (
  { client, settings, hourly, user }: PersonRows,
  signal: AbortSignal,
  onProgress: (done: number, all: number) => void,
): Promise<Bucket[]> => {
  const key = ['user_id', 'bucket_date', ...(hourly ? ['bucket_hour'] : [])].join(', ');
  // Keyspaces does not list DISTINCT among what it supports: there the keys of all rows are read.
  const distinct = isKeyspaces(settings) ? '' : 'DISTINCT ';
  const select = `SELECT ${distinct}${key} FROM ${settings.keyspace}.user_events`;
  const ranges = await tokenRanges(client);
  const found = new Map<string, Bucket>();
  let done = 0;
  const pages = asTheyCome(
    ranges.map(
      (range) =>
        async function* (): AsyncGenerator<types.Row[]> {
          const query =
            range === null
              ? select
              : `${select} WHERE token(${key}) > ${range.after} AND token(${key}) <= ${range.upTo}`;
          yield* readPages(client, { query, parameters: [], pageRows: 5_000 }, signal);
          done += 1;
          onProgress(done, ranges.length);
        },
    ),
    mostUnderWay,
  );
  for await (const rows of pages)
    for (const row of rows) {
      if (String(row['user_id']) !== user) continue;
      const bucket: Bucket = {
        date: String(row['bucket_date']),
        hour: hourly ? (row['bucket_hour'] as number) : null,
      };
      found.set(nameOf(bucket), bucket);
    }
  return [...found.values()];
};
