import { types } from 'cassandra-driver';
import { isoTime, printable, table } from '../print.ts';

/** Draws rows within the width of the output. Their values are of others: control characters are replaced. */
export const rowsText = (rows: readonly types.Row[]): string => {
  const [first] = rows;
  if (first === undefined) return 'no rows';
  return table(
    first.keys(),
    rows.map((row) => row.values().map((value) => printable(text(value)))),
  );
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
