import type { TableDefinition } from '../../schema/table-definition.ts';

const dayMs = 86_400_000;

/** One partition of `user_events`, by the values of its key behind the user: the day, and the hour where the table has one. */
export interface Bucket {
  /** The day as `2026-11-29`. */
  readonly date: string;
  readonly hour: number | null;
}

/** Tells whether a table has a partition for each hour. */
export const isHourly = ({ partitionKey }: Pick<TableDefinition, 'partitionKey'>): boolean =>
  partitionKey.includes('bucket_hour');

/** Lists the partitions of a user between two times, both included, the newest first. Times are in milliseconds. */
export const bucketsOf = function* (from: number, to: number, hourly: boolean): Generator<Bucket> {
  const [first, last] = [Math.floor(from / dayMs), Math.floor(to / dayMs)];
  for (let day = last; day >= first; day -= 1) {
    const date = new Date(day * dayMs).toISOString().slice(0, 10);
    if (!hourly) yield { date, hour: null };
    else
      for (let hour = 23; hour >= 0; hour -= 1) {
        const start = day * dayMs + hour * 3_600_000;
        if (start <= to && start + 3_600_000 > from) yield { date, hour };
      }
  }
};
