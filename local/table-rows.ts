import type { types } from 'cassandra-driver';
import { rowsOf } from './dataset/row.ts';
import type { Keyspace } from './keyspace.ts';
import { isoTime, table } from './print.ts';

/** Draws the rows of the three tables, for a handful of them. */
export const tableRows = async (keyspace: Keyspace): Promise<string> => {
  const drawn: string[] = [];
  const userEvents = rowsOf(keyspace.config).columns.map((name) => `"${name}"`);
  for (const [name, columns] of Object.entries({ user_events: userEvents, ...tables })) {
    const rows: string[][] = [];
    for await (const row of keyspace.stream(
      `SELECT ${columns.join(', ')} FROM ${keyspace.name}.${name}`,
    ))
      rows.push(columns.map((column) => shown(row[bare(column)])));
    drawn.push(`${name}: ${rows.length === 0 ? 'no rows' : `\n${table(columns.map(bare), rows)}`}`);
  }
  return drawn.join('\n');
};

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

const longest = 48;

const shown = (value: unknown): string => {
  const text = asText(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};

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
