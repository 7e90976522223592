import type { types } from 'cassandra-driver';
import { columns as columnsOfOutput, wrap } from '../../cli/terminal/print.ts';
import { count } from '../../cli/terminal/words.ts';
import { rowsOf } from '../../cli/verify/rules/row.ts';
import type { Keyspace } from '../keyspace.ts';

const shown = 5;

/** Prints one user's newest events of one day, with the query that the tables are designed for. */
export const userDay = async ({ client, name, config }: Keyspace): Promise<string> => {
  const { columns, partition } = rowsOf(config);
  const key = partition.map((column) => column.name);
  const first = await client.execute(
    `SELECT ${key.join(', ')} FROM ${name}.user_events LIMIT 1`,
    [],
    { prepare: false },
  );
  const row = first.first();
  if (row === null) return 'user_events is empty.';
  const query =
    `SELECT ${columns.filter((column) => !key.includes(column)).join(', ')} FROM ${name}.user_events ` +
    `WHERE ${partition.map((column) => `${column.name} = ${literal(row, column)}`).join(' AND ')}`;
  const { rows } = await client.execute(query, [], { prepare: false });
  const lines = rows.slice(0, shown).map(line);
  const more = rows.length > shown ? [`  … and ${rows.length - shown} more`] : [];
  const statement = wrap(`${query};`, columnsOfOutput() - 2).replaceAll(/^/gm, '  ');
  return [`One user's day (${count(rows.length, 'row')}):`, statement, ...lines, ...more].join(
    '\n',
  );
};

/** Prints a value of the partition key as a CQL literal. */
const literal = (row: types.Row, { name, type }: { name: string; type: string }): string =>
  type === 'date' ? `'${row[name]}'` : `${row[name]}`;

const line = (row: types.Row): string => {
  const metadata = [...((row['metadata'] as ReadonlyMap<string, string> | null) ?? [])];
  const text = metadata.map(([key, value]) => `${key}=${value}`).join(' ');
  return `  ${(row['event_time'] as Date).toISOString()}  ${row['event_type']}  ${text}`;
};
