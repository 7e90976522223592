import type { types } from 'cassandra-driver';
import type { Keyspace } from '../keyspace.ts';

const shown = 5;

/** One user's newest events of one day, as the query that the tables are made for, and what it gives. */
export const userDay = async ({ client, name }: Keyspace): Promise<string> => {
  const first = await client.execute(
    `SELECT user_id, bucket_date FROM ${name}.user_events LIMIT 1`,
    [],
    { prepare: false },
  );
  const row = first.first();
  if (row === null) return 'user_events is empty.';
  const query =
    `SELECT event_time, event_type, event_id, metadata FROM ${name}.user_events ` +
    `WHERE user_id = ${row['user_id']} AND bucket_date = '${row['bucket_date']}'`;
  const { rows } = await client.execute(query, [], { prepare: false });
  const lines = rows.slice(0, shown).map(line);
  const more = rows.length > shown ? [`  … and ${rows.length - shown} more`] : [];
  return [`One user's day (${rows.length} rows):`, `  ${query};`, ...lines, ...more].join('\n');
};

const line = (row: types.Row): string => {
  const metadata = [...((row['metadata'] as ReadonlyMap<string, string> | null) ?? [])];
  const text = metadata.map(([key, value]) => `${key}=${value}`).join(' ');
  return `  ${(row['event_time'] as Date).toISOString()}  ${row['event_type']}  ${text}`;
};
