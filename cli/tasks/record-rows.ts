import type { Client, types } from 'cassandra-driver';
import pLimit from 'p-limit';
import { operationsTable } from '../../schema/tables.ts';
import { persistently } from '../tables/persistently.ts';
import { readPages } from '../tables/read-pages.ts';

/** A row of the table of operations that belongs to a record. */
export interface RecordRow {
  readonly scope: string;
  /** The record, as `topic/partition/offset`. */
  readonly item: string;
  readonly command: string;
  readonly task: string;
  readonly state: string;
  readonly detail: string;
  /** Where the record went: `topic` or `tables`. */
  readonly what: string;
  readonly tries: number;
}

const columns = ['command', 'task', 'state', 'detail', 'what', 'tries', 'updated_at'] as const;

/** The rows of a batch: Keyspaces takes 30. */
const rowsOfBatch = 30;

/** The rows that are asked for at once. Keyspaces takes 100. */
const rowsOfQuery = 100;

/** The batches, or the queries, under way at once. */
const mostUnderWay = 16;

/** The characters of a detail that are kept. */
const mostOfDetail = 500;

/** Writes rows of records, those of one partition of the table together. Each is an upsert: twice is once. */
export const writeRecordRows = async (
  client: Client,
  keyspace: string,
  rows: readonly RecordRow[],
): Promise<void> => {
  const query =
    `INSERT INTO ${keyspace}.${operationsTable} (scope, item, ${columns.join(', ')}) ` +
    `VALUES (?, ?, ${columns.map(() => '?').join(', ')})`;
  const now = new Date();
  const limit = pLimit(mostUnderWay);
  const batches = [...Map.groupBy(rows, ({ scope }) => scope).values()].flatMap((ofScope) =>
    Array.from({ length: Math.ceil(ofScope.length / rowsOfBatch) }, (_, batch) =>
      ofScope.slice(batch * rowsOfBatch, (batch + 1) * rowsOfBatch),
    ),
  );
  await Promise.all(
    batches.map((batch) =>
      limit(() =>
        persistently('writing rows of operations', () =>
          client.batch(
            batch.map((row) => ({
              query,
              params: [
                row.scope,
                row.item,
                row.command,
                row.task,
                row.state,
                row.detail.slice(0, mostOfDetail),
                row.what,
                row.tries,
                now,
              ],
            })),
            { prepare: true, logged: false },
          ),
        ),
      ),
    ),
  );
};

/** Reads rows of records, in no order that means something. @throws {IngestError} where they cannot be read. */
export const readRecordRows = async (
  client: Client,
  keyspace: string,
  keys: readonly Pick<RecordRow, 'scope' | 'item'>[],
  signal: AbortSignal,
): Promise<types.Row[]> => {
  const query =
    `SELECT item, state, detail, task, what, tries, updated_at FROM ${keyspace}.${operationsTable} ` +
    'WHERE scope = ? AND item IN ?';
  const limit = pLimit(mostUnderWay);
  const read = async (scope: string, items: readonly string[]): Promise<types.Row[]> => {
    const wanted = { query, parameters: [scope, items], pageRows: rowsOfQuery };
    return (await Array.fromAsync(readPages(client, wanted, signal))).flat();
  };
  const queries = [...Map.groupBy(keys, ({ scope }) => scope)].flatMap(([scope, ofScope]) => {
    const items = [...new Set(ofScope.map(({ item }) => item))];
    return Array.from({ length: Math.ceil(items.length / rowsOfQuery) }, (_, part) =>
      limit(() => read(scope, items.slice(part * rowsOfQuery, (part + 1) * rowsOfQuery))),
    );
  });
  return (await Promise.all(queries)).flat();
};
