import type { types } from 'cassandra-driver';
import { parseTable } from '../../schema/table-definition.ts';
import { differences, type FoundTable } from './differences.ts';
import { expiresLate, explainRefusedTrial, trialStatement } from './expiry.ts';
import {
  type FoundReplication,
  networkTopology,
  type Replication,
  replicationDifferences,
} from './replication.ts';

/** The error of tables that differ from their definitions, or that the server refuses. No existing table was changed. */
export class TablesDifferError extends Error {
  override readonly name = 'TablesDifferError';
  readonly differences: readonly string[];

  constructor(keyspace: string, found: readonly string[]) {
    super(
      `the tables in keyspace ${keyspace} are not what they must be, and were left as they are:\n${found
        .map((one) => `  - ${one}`)
        .join('\n')}`,
    );
    this.differences = found;
  }
}

/** Runs a statement, unprepared. @param what the statement's purpose, for messages. */
export type Execute = (what: string, query: string, values?: unknown[]) => Promise<types.ResultSet>;

export interface Target {
  readonly keyspace: string;
  /**
   * The replication for making the keyspace, and for comparing an existing one. Null: the keyspace must exist, and is not
   * compared.
   */
  readonly replication: Replication | null;
  /** The CREATE TABLE IF NOT EXISTS statements, one a table, without a keyspace. */
  readonly statements: readonly string[];
}

/**
 * Makes the missing tables, once the existing ones match their definitions. Never drops or alters a table. A TTL that ends after
 * 2038-01-19 is tried on the server before its table is made.
 * @param now milliseconds since the epoch.
 * @returns the names of the new tables.
 * @throws {TablesDifferError} with every difference.
 */
export const migrate = async (
  execute: Execute,
  target: Target,
  now = Date.now(),
): Promise<string[]> => {
  const { keyspace, replication, statements } = target;
  const wanted = statements.map((statement) => ({ statement, table: parseTable(statement) }));
  const missing = [];
  const different =
    replication === null
      ? []
      : replicationDifferences(keyspace, replication, await findReplication(execute, keyspace));
  for (const { statement, table } of wanted) {
    const found = await findTable(execute, keyspace, table.name);
    if (found === null) missing.push({ statement, table });
    else different.push(...differences(keyspace, table, found));
  }
  if (different.length > 0) throw new TablesDifferError(keyspace, different);

  if (replication !== null)
    await execute(
      `making keyspace ${keyspace}`,
      `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${networkTopology(replication)}`,
    );
  const make = async ({ statement, table }: (typeof wanted)[number]): Promise<void> => {
    await execute(
      `making table ${keyspace}.${table.name}`,
      statement.replace(/(?<=EXISTS )/, `${keyspace}.`),
    );
  };
  const isLate = ({ table }: (typeof wanted)[number]): boolean => expiresLate(table, now);
  for (const one of missing) if (!isLate(one)) await make(one);
  const refused = [];
  for (const { table } of wanted.filter(isLate)) {
    const what = `trying the TTL of ${keyspace}.${table.name}`;
    try {
      await execute(what, trialStatement(keyspace, table.defaultTtlSeconds));
    } catch (error) {
      const why = explainRefusedTrial(table, error, now);
      if (why === null) throw error;
      refused.push(why);
    }
  }
  if (refused.length > 0) throw new TablesDifferError(keyspace, refused);
  for (const one of missing) if (isLate(one)) await make(one);
  return missing.map(({ table }) => table.name);
};

const findReplication = async (execute: Execute, keyspace: string): Promise<FoundReplication> => {
  const what = `reading the replication of ${keyspace}`;
  const found = await execute(
    what,
    'SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = ?',
    [keyspace.toLowerCase()],
  );
  const nodes = await Promise.all(
    ['local', 'peers'].map((table) => execute(what, `SELECT data_center FROM system.${table}`)),
  );
  return {
    keyspace: found.rows[0]?.['replication'] ?? null,
    dataCenters: new Set(nodes.flatMap(({ rows }) => rows.map((row) => row['data_center']))),
  };
};

/** Reads the description of a table; returns null where there is none. */
const findTable = async (
  execute: Execute,
  keyspace: string,
  name: string,
): Promise<FoundTable | null> => {
  const where = 'WHERE keyspace_name = ? AND table_name = ?';
  // The name of an unquoted keyspace is in lower case.
  const key = [keyspace.toLowerCase(), name];
  const what = `reading what is known of ${keyspace}.${name}`;
  const options = await execute(
    what,
    `SELECT default_time_to_live FROM system_schema.tables ${where}`,
    key,
  );
  const [table] = options.rows;
  if (table === undefined) return null;
  const columns = await execute(
    what,
    `SELECT column_name, type, kind, position, clustering_order FROM system_schema.columns ${where}`,
    key,
  );
  return {
    columns: columns.rows.map((row) => ({
      name: row['column_name'],
      type: row['type'],
      kind: row['kind'],
      position: row['position'],
      order: row['clustering_order'],
    })),
    defaultTtlSeconds: table['default_time_to_live'],
  };
};
