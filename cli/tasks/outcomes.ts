import { createHash } from 'node:crypto';
import type { Client } from 'cassandra-driver';
import { operationsTable } from '../../schema/tables.ts';
import { readPages } from '../tables/read-pages.ts';
import { inOrder } from '../tables/several.ts';
import { readRecordRows } from './record-rows.ts';

/** What became of a record in a task. */
export interface Outcome {
  /** The record, as `topic/partition/offset`. */
  readonly record: string;
  readonly outcome: string;
  readonly detail: string;
  readonly at: Date | null;
}

/** The partitions of the table that the outcomes of a task are spread over, so that none grows without bounds. */
const parts = 64;

/** The partitions that are read at once. */
const mostUnderWay = 8;

/** Gives the scope of a record's outcome in a task. A record has one row, however often the task has handled it. */
export const outcomeScope = (task: string, record: string): string =>
  scopeOf(task, createHash('sha1').update(record).digest().readUInt8() % parts);

const scopeOf = (task: string, part: number): string => `outcomes/${task}/${part}`;

/** Reads the outcomes of a task, in no order that means something. */
export const readOutcomes = async function* (
  client: Client,
  keyspace: string,
  task: string,
  signal: AbortSignal,
): AsyncGenerator<Outcome> {
  const query = `SELECT item, state, detail, updated_at FROM ${keyspace}.${operationsTable} WHERE scope = ?`;
  const pages = inOrder(
    Array.from(
      { length: parts },
      (_, part) => () =>
        readPages(client, { query, parameters: [scopeOf(task, part)], pageRows: 500 }, signal),
    ),
    mostUnderWay,
  );
  for await (const rows of pages)
    for (const row of rows)
      yield {
        record: row['item'],
        outcome: row['state'],
        detail: row['detail'] ?? '',
        at: row['updated_at'],
      };
};

/** Reads what a task has written down of some records, by the records' names. @throws {IngestError} where it cannot be read. */
export const readOutcomesOf = async (
  client: Client,
  keyspace: string,
  task: string,
  records: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, string>> => {
  const keys = records.map((item) => ({ scope: outcomeScope(task, item), item }));
  const rows = await readRecordRows(client, keyspace, keys, signal);
  return new Map(rows.map((row) => [row['item'], row['state']]));
};
