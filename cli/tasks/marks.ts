import type { Client, types } from 'cassandra-driver';
import { readRecordRows } from './record-rows.ts';

/** What the table says of a record that was redriven. */
export interface Mark {
  /** `sending` where it was on its way to the topic: it may have arrived. */
  readonly state: 'sending' | 'redriven';
  readonly task: string;
  /** Where it went: `topic` or `tables`. */
  readonly to: string;
  /** How many times it was redriven. */
  readonly tries: number;
  readonly at: Date | null;
}

/** A record that may be marked. */
export interface Markable {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** The offsets whose marks share a partition of the table. */
const offsetsOfScope = 1_000n;

/** Gives the scope of a record's mark. */
export const markScope = ({ topic, partition, offset }: Markable): string =>
  `redriven/${topic}/${partition}/${offset / offsetsOfScope}`;

/** Names a record in its mark. */
export const markItem = ({ topic, partition, offset }: Markable): string =>
  `${topic}/${partition}/${offset}`;

/** Reads the marks of records, by the records' names. @throws {IngestError} where they cannot be read. */
export const readMarks = async (
  client: Client,
  keyspace: string,
  records: readonly Markable[],
  signal: AbortSignal,
): Promise<Map<string, Mark>> => {
  const keys = records.map((one) => ({ scope: markScope(one), item: markItem(one) }));
  const rows = await readRecordRows(client, keyspace, keys, signal);
  return new Map(rows.map((row) => [row['item'], toMark(row)]));
};

const toMark = (row: types.Row): Mark => ({
  state: row['state'] === 'sending' ? 'sending' : 'redriven',
  task: row['task'] ?? '',
  to: row['what'] ?? '',
  tries: row['tries'] ?? 0,
  at: row['updated_at'],
});
