import type { types } from 'cassandra-driver';
import { table } from '../terminal/print.ts';
import { printable } from '../terminal/printable.ts';
import { cellText, plainOf } from './plain.ts';

/** Draws rows within the width of the output. Their values are of others: control characters are replaced. */
export const rowsText = (rows: readonly types.Row[]): string => {
  const [first] = rows;
  if (first === undefined) return 'no rows';
  return table(
    first.keys(),
    rows.map((row) => row.values().map((value) => printable(cellText(value)))),
  );
};

/** Writes a row as JSON. */
export const rowJson = (row: types.Row): string =>
  JSON.stringify(Object.fromEntries(row.keys().map((name) => [name, plainOf(row[name])])));
