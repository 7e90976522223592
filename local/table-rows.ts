import type { types } from 'cassandra-driver';
import { isoTime, table } from '../cli/terminal/print.ts';
import { printable } from '../cli/terminal/printable.ts';
import { count } from '../cli/terminal/words.ts';
import { rowsOf } from '../cli/verify/rules/row.ts';
import type { Keyspace } from './keyspace.ts';

/** The rows of a table: each as the texts of its columns. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reads the rows of the three tables, which are a handful. */
export const readTables = async (keyspace: Keyspace): Promise<TableRows[]> => {
  const read: TableRows[] = [];
  const userEvents = rowsOf(keyspace.config).columns.map((name) => `"${name}"`);
  for (const [name, columns] of Object.entries({ user_events: userEvents, ...tables })) {
    const rows: string[][] = [];
    for await (const row of keyspace.stream(
      `SELECT ${columns.join(', ')} FROM ${keyspace.name}.${name}`,
    ))
      rows.push(columns.map((column) => printable(asText(row[bare(column)]))));
    read.push({ table: name, columns: columns.map(bare), rows });
  }
  return read;
};

/** Draws the rows of tables; long values are shortened. */
export const drawTables = (tables: readonly TableRows[]): string =>
  tables
    .map(({ table: name, columns, rows }) => {
      const shown = rows.map((row) => row.map(shortened));
      return rows.length === 0
        ? `${name}: no rows`
        : `${name}, ${count(rows.length, 'row')}:\n${table(columns, shown)}`;
    })
    .join('\n\n');

/** The columns that are shown of the other tables. */
const tables = {
  rejected_events: [
    'topic',
    'partition',
    '"offset"',
    'reason',
    'detail',
    'key',
    'value',
    'headers',
  ],
  partition_watermarks: ['topic', 'partition', 'next_offset', 'max_event_time', 'earlier'],
};

const bare = (column: string): string => column.replaceAll('"', '');

const longest = 160;

const shortened = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

const asText = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return isoTime(value.getTime());
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`;
  if (value instanceof Map)
    return [...value].map(([key, one]) => `${key}=${asText(one)}`).join(' ');
  if (Array.isArray(value))
    return value.map((tuple: types.Tuple) => tuple.values().map(asText).join('=')).join(' ');
  return String(value);
};
