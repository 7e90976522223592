import type { types } from 'cassandra-driver';

/** How far a record's Kafka timestamp may lie before and behind its event's time, to be looked for: five minutes and an hour. */
const [beforeMs, behindMs] = [300_000, 3_600_000];

/** The words for how far records are looked for. */
export const windowText = '5 minutes before to 1 hour behind';

/** An interval of Kafka timestamps, with the rows whose records may lie in it. Times are in milliseconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
  readonly rows: readonly types.Row[];
}

/** Finds the Kafka timestamps that the records of rows may have, as intervals that do not overlap, the newest first. */
export const windowsOf = (rows: readonly types.Row[]): Interval[] => {
  const timeOf = (row: types.Row): number => (row['event_time'] as Date).getTime();
  const intervals: { from: number; to: number; rows: types.Row[] }[] = [];
  for (const row of rows.toSorted((one, other) => timeOf(one) - timeOf(other))) {
    const [from, to] = [timeOf(row) - beforeMs, timeOf(row) + behindMs];
    const last = intervals.at(-1);
    if (last !== undefined && from <= last.to) {
      last.to = to;
      last.rows.push(row);
    } else intervals.push({ from, to, rows: [row] });
  }
  return intervals.toReversed();
};
