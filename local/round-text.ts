import { wrap } from '../cli/terminal/print.ts';
import type { TableComparison } from './dataset/comparison.ts';

export interface Round {
  readonly number: number;
  /** The events that were produced in this round. */
  readonly events: number;
  /** The seconds in which they were produced, and in which they were produced and handled. */
  readonly seconds: { readonly produced: number; readonly handled: number };
  /** The records of others that were handled in this round. */
  readonly others: number;
  readonly tables: readonly TableComparison[];
}

const columns = 80;

/** Writes a line for a round of --follow whose rows all agree. Rows are counted since the tables were emptied, all else in the round. */
export const roundText = ({ number, events, seconds, others, tables }: Round): string => {
  const rows = tables
    .filter(({ table }) => table !== 'partition_watermarks')
    .map(({ table, found }) => `${said(found)} in ${table}`)
    .join(', ');
  const rates = `${said(events / seconds.produced)}/s produced, ${said(events / seconds.handled)}/s handled`;
  const ofOthers = others === 0 ? '' : ` Others’: ${said(others)} records.`;
  const text = `Round ${number}: ${said(events)} events, ${rates}; all rows agree (${rows}).${ofOthers}`;
  return wrap(text, columns - 2).replaceAll('\n', '\n  ');
};

const said = (value: number): string => Math.round(value).toLocaleString('en');

/** Adds the comparison of tables to those before they were emptied, so that the last report has the whole run. Checkpoints stay. */
export const addRound = (
  before: readonly TableComparison[],
  round: readonly TableComparison[],
): TableComparison[] =>
  round.map((one) => {
    const other = before.find(({ table }) => table === one.table);
    if (other === undefined || one.table === 'partition_watermarks') return one;
    const reasons = new Map(other.reasons);
    for (const [reason, count] of one.reasons)
      reasons.set(reason, (reasons.get(reason) ?? 0) + count);
    return {
      ...one,
      expected: other.expected + one.expected,
      found: other.found + one.found,
      others: other.others + one.others,
      reasons,
    };
  });
