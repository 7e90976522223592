import { stringify } from 'csv-stringify/sync';
import { table } from '../terminal/print.ts';
import { printable } from '../terminal/printable.ts';
import type { Output } from './output.ts';
import { cellText, plainOf } from './plain.ts';

/** The forms of a listing: a table for people, a line of JSON for each row, or CSV with a head. */
export type ListingForm = 'table' | 'json' | 'csv';

/** A row by the names of its columns, which all rows of a listing share. Values may be those of the driver. */
export type ListingRow = Readonly<Record<string, unknown>>;

export interface ListingOptions {
  readonly form: ListingForm;
  readonly columns: readonly string[];
  /** The columns that a table for people leaves out. */
  readonly hidden?: readonly string[];
  /** Aligns all columns but the first to the right. */
  readonly numbers?: boolean;
}

/** The rows of a table that is printed at once. A longer listing is printed as several tables. */
const rowsOfTable = 200;

/** Gives a cell of CSV. A number below zero is one, whose minus begins no formula. */
const csvCell = (value: unknown): string | number | bigint => {
  const text = cellText(value);
  if (/^-\d+$/.test(text)) return BigInt(text);
  return `${Number(text)}` === text ? Number(text) : text;
};

/**
 * Prints rows. In the forms for programs each row is printed when it comes, so that a listing of any length takes no memory. A text that a
 * spreadsheet would run as a formula has an apostrophe before it in CSV: an event may say anything.
 * @returns the number of rows.
 */
export const printListing = async (
  { print }: Output,
  rows: AsyncIterable<ListingRow> | Iterable<ListingRow>,
  { form, columns, hidden = [], numbers = false }: ListingOptions,
): Promise<number> => {
  let count = 0;
  const shown = columns.filter((name) => !hidden.includes(name));
  let waiting: string[][] = [];
  const flush = (): void => {
    if (waiting.length > 0) print(table(shown, waiting, numbers));
    waiting = [];
  };
  if (form === 'csv') print(stringify([[...columns]]).trimEnd());
  for await (const row of rows) {
    count += 1;
    if (form === 'json')
      print(jsonLine(Object.fromEntries(columns.map((name) => [name, row[name]]))));
    else if (form === 'csv')
      print(
        stringify([columns.map((name) => csvCell(row[name]))], {
          escape_formulas: true,
        }).trimEnd(),
      );
    else waiting.push(shown.map((name) => printable(cellText(row[name]))));
    if (waiting.length >= rowsOfTable) flush();
  }
  flush();
  return count;
};

/** Writes a row, or any facts, as a line of JSON. */
export const jsonLine = (facts: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(plainOf(facts));
