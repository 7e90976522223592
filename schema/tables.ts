import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTable } from './table-definition.ts';

/** Options by which tables differ from `tables.cql`. An option that is not given leaves the table as it stands there. */
export interface TableOptions {
  /** The time that one partition of `user_events` covers. */
  readonly bucket?: 'day' | 'hour';
  /** Makes `event_id` the last clustering column of `user_events`. */
  readonly eventIdInKey?: boolean;
  /** The seconds that rejected events are kept; 0 is for ever. */
  readonly rejectedTtlSeconds?: number;
  /** The seconds that user events are kept. */
  readonly userEventsTtlSeconds?: number | undefined;
}

const source = readFileSync(join(import.meta.dirname, 'tables.cql'), 'utf8');

/**
 * Makes the CREATE TABLE statements of `tables.cql`, one an element, without comments and without a keyspace. They have `IF NOT EXISTS`,
 * so that they can be run again.
 */
export const createTables = (options: TableOptions = {}): string[] =>
  variant(source.replaceAll(/--.*$/gm, ''), options)
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((statement) => replaceOnce(statement, 'CREATE TABLE', 'CREATE TABLE IF NOT EXISTS'));

const variant = (
  cql: string,
  { bucket, eventIdInKey, rejectedTtlSeconds, userEventsTtlSeconds }: TableOptions,
): string => {
  let tables = cql;
  if (rejectedTtlSeconds !== undefined)
    tables = replaceOnce(
      tables,
      'default_time_to_live = 2592000',
      `default_time_to_live = ${rejectedTtlSeconds}`,
    );
  if (bucket === 'hour') {
    tables = replaceOnce(tables, 'bucket_date date,', 'bucket_date date,\n  bucket_hour tinyint,');
    tables = replaceOnce(tables, '(user_id, bucket_date)', '(user_id, bucket_date, bucket_hour)');
  }
  if (eventIdInKey === true) {
    tables = replaceOnce(tables, 'event_time, event_type)', 'event_time, event_type, event_id)');
    tables = replaceOnce(tables, 'event_type ASC)', 'event_type ASC, event_id ASC)');
  }
  if (userEventsTtlSeconds !== undefined)
    tables = tables.replace(
      /(?<=CREATE TABLE user_events[^;]*);/,
      `\n  AND default_time_to_live = ${userEventsTtlSeconds};`,
    );
  return tables;
};

/** Replaces a text. @throws if `from` is not in `tables.cql` exactly once: the file has been changed without this one. */
const replaceOnce = (cql: string, from: string, to: string): string => {
  if (cql.split(from).length !== 2) throw new Error(`tables.cql must have "${from}" once`);
  return cql.replace(from, () => to);
};

/** The names of the tables, which no option changes. */
export const tableNames: readonly string[] = createTables().map(
  (statement) => parseTable(statement).name,
);

/** The table that the commands of operators write, and the function does not touch. */
export const operationsTable = 'operations';

/** The names of the tables that the function reads and writes. Its grants and metrics are made of them. */
export const functionTableNames: readonly string[] = tableNames.filter(
  (name) => name !== operationsTable,
);
