import type { Executed } from '../../local/servers/simulacron.ts';
import type { At, Ledger } from './ledger.ts';

/** A window of wall-clock time in which statements were answered by errors. At its edges both answers are possible. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The times of all writes of a row, by its key, or by `partition@offset` of a rejection. */
type Writes = ReadonlyMap<string, readonly number[]>;

export const writesOf = (
  executed: readonly Executed[],
  queries: { readonly event: string; readonly rejected: string },
): Writes => {
  const writes = new Map<string, number[]>();
  for (const { query, at: time, values } of executed) {
    const key =
      query === queries.event
        ? eventKey(values)
        : query === queries.rejected
          ? rejectedKey(values)
          : undefined;
    if (key === undefined) continue;
    const times = writes.get(key) ?? [];
    times.push(time);
    writes.set(key, times);
  }
  return writes;
};

const bytesOf = (values: Executed['values'], index: number): Buffer =>
  values[index] ?? Buffer.alloc(8);

/** Makes the key of an event's row in the form of expected-tables.ts, from user_id, bucket_date, event_time, event_type, … */
const eventKey = (values: Executed['values']): string => {
  const hex = bytesOf(values, 0).toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  const day = bytesOf(values, 1).readUInt32BE() - 2 ** 31;
  return `${id} ${day} ${bytesOf(values, 2).readBigInt64BE()} ${bytesOf(values, 3).toString()}`;
};

/** Makes the name of a rejected record from topic, rejected_date, partition, offset, … */
const rejectedKey = (values: Executed['values']): At =>
  `${bytesOf(values, 2).readInt32BE()}@${bytesOf(values, 3).readBigInt64BE()}`;

/** The width of a window's edge in milliseconds: the clocks of two processes differ, and an answer takes time. */
const edge = 100;

export const lostOf = (
  { keys }: Ledger,
  records: readonly At[],
  writes: Writes,
  windows: readonly Window[],
): At[] => {
  const failed = (time: number): boolean =>
    windows.some(({ from, to }) => time > from + edge && time < to - edge);
  const succeeded = (key: string | undefined): boolean =>
    key !== undefined && writes.get(key)?.some((time) => !failed(time)) === true;
  return records.filter((one) => !succeeded(one) && !succeeded(keys.get(one)));
};

/**
 * Computes how often one row may be tried: once with each delivery, and in each window of errors a few times while the pauses
 * grow, then about once a second.
 */
export const excessive = (
  writes: Writes,
  windows: readonly Window[],
  deliveries: number,
): string[] => {
  const seconds = windows.reduce((sum, { from, to }) => sum + (to - from) / 1000, 0);
  const most = Math.ceil(deliveries) * (8 * windows.length + seconds);
  const worst = Math.max(0, ...[...writes.values()].map((times) => times.length));
  return worst > most ? [`a row was written ${worst} times; ${Math.round(most)} would do`] : [];
};
