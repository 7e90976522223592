import { stripVTControlCharacters } from 'node:util';
import { types } from 'cassandra-driver';
import { isoTime, table, wrap } from '../print.ts';

/**
 * Draws rows: as a table where it fits, and else each value on a line of its own.
 * @param columns the width of the terminal.
 */
export const rowsText = (rows: readonly types.Row[], columns: number): string => {
  const [first] = rows;
  if (first === undefined) return 'no rows';
  const names = first.keys();
  const values = rows.map((row) => row.values().map(text));
  const drawn = table(names, values);
  if (
    stripVTControlCharacters(drawn)
      .split('\n')
      .every((line) => line.length <= columns)
  )
    return drawn;
  const left = Math.max(...names.map((name) => name.length)) + 2;
  const line = (name: string, value: string): string =>
    name.padEnd(left) +
    wrap(value, Math.max(columns - left, 20)).replaceAll('\n', `\n${' '.repeat(left)}`);
  return values
    .map((row) => row.map((value, index) => line(names[index] ?? '', value)).join('\n'))
    .join('\n\n');
};

const text = (value: unknown): string => {
  const plain = plainOf(value);
  if (plain === null) return '';
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
};

/** Converts a value of the driver to JSON: times in ISO form, whole numbers of 64 bits in digits, bytes in hexadecimal. */
const plainOf = (value: unknown): unknown => {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return isoTime(value.getTime());
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, one]): [string, unknown] => [
      String(plainOf(key)),
      plainOf(one),
    ]);
    return Object.fromEntries(entries);
  }
  if (value instanceof types.Tuple) return value.values().map(plainOf);
  if (Array.isArray(value)) return value.map(plainOf);
  return typeof value === 'object' ? String(value) : value;
};

/** Writes a row as JSON. */
export const rowJson = (row: types.Row): string =>
  JSON.stringify(Object.fromEntries(row.keys().map((name) => [name, plainOf(row[name])])));
