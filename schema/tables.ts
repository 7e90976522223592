import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../functions/ingest/settings/read-settings.ts';
import { parseTable } from './table-definition.ts';

/** The settings that change the tables. */
export interface TableOptions
  extends Pick<Config, 'bucket' | 'eventIdInKey' | 'rejectedTtlSeconds'> {
  /** The TTL of user events, in seconds; without it they are kept for ever. */
  readonly userEventsTtlSeconds?: number | undefined;
}

const source = readFileSync(join(import.meta.dirname, 'tables.cql'), 'utf8');

/** The defaults of the settings. */
const defaults: TableOptions = {
  bucket: 'day',
  eventIdInKey: false,
  rejectedTtlSeconds: 2_592_000,
};

/**
 * Makes the CREATE TABLE statements of `tables.cql` for the given settings and the defaults of the others. They have no comments and no
 * keyspace. `IF NOT EXISTS` lets them be run again.
 */
export const createTables = (options: Partial<TableOptions> = {}): string[] =>
  variant(source.replaceAll(/--.*$/gm, ''), { ...defaults, ...options })
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((statement) => replaceOnce(statement, 'CREATE TABLE', 'CREATE TABLE IF NOT EXISTS'));

const variant = (
  cql: string,
  { bucket, eventIdInKey, rejectedTtlSeconds, userEventsTtlSeconds }: TableOptions,
): string => {
  let tables = replaceOnce(
    cql,
    'default_time_to_live = 2592000',
    `default_time_to_live = ${rejectedTtlSeconds}`,
  );
  if (bucket === 'hour') {
    tables = replaceOnce(tables, 'bucket_date date,', 'bucket_date date,\n  bucket_hour tinyint,');
    tables = replaceOnce(tables, '(user_id, bucket_date)', '(user_id, bucket_date, bucket_hour)');
  }
  if (eventIdInKey) {
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

const replaceOnce = (cql: string, from: string, to: string): string => {
  if (cql.split(from).length !== 2) throw new Error(`tables.cql must have "${from}" once`);
  return cql.replace(from, () => to);
};

/** The names of the tables: the same under all settings, and the source of grants and metrics. */
export const tableNames: readonly string[] = createTables().map(
  (statement) => parseTable(statement).name,
);
