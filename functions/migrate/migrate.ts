import type { types } from 'cassandra-driver';
import { parseTable } from '../../schema/table-definition.ts';
import { differences, type FoundTable } from './differences.ts';

/** What is there is not what must be. Nothing was changed. */
class TablesDifferError extends Error {
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

/** Runs a statement, unprepared. @param what it does, for messages. */
export type Execute = (what: string, query: string, values?: unknown[]) => Promise<types.ResultSet>;

export interface Target {
  readonly keyspace: string;
  /** For making the keyspace; null: it must be there. */
  readonly replication: Readonly<Record<string, string | number>> | null;
  /** CREATE TABLE IF NOT EXISTS, one a table, without a keyspace. */
  readonly statements: readonly string[];
}

/**
 * Makes the tables that are missing, once those that are there are what they must be. Drops and alters nothing, ever.
 * @returns the names of those that it made.
 * @throws {TablesDifferError} with every difference.
 */
export const migrate = async (execute: Execute, target: Target): Promise<string[]> => {
  const { keyspace, replication, statements } = target;
  const wanted = statements.map((statement) => ({ statement, table: parseTable(statement) }));
  const missing = [];
  const different = [];
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
  for (const { statement, table } of missing)
    await execute(
      `making table ${keyspace}.${table.name}`,
      statement.replace(/(?<=EXISTS )/, `${keyspace}.`),
    );
  return missing.map(({ table }) => table.name);
};

/** Null where it is not there. */
const findTable = async (
  execute: Execute,
  keyspace: string,
  name: string,
): Promise<FoundTable | null> => {
  const where = 'WHERE keyspace_name = ? AND table_name = ?';
  // Unquoted, a keyspace's name is in lower case.
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

const networkTopology = (replication: NonNullable<Target['replication']>): string =>
  `{'class': 'NetworkTopologyStrategy', ${Object.entries(replication)
    .map(([dataCenter, replicas]) => `'${dataCenter.replaceAll("'", "''")}': ${Number(replicas)}`)
    .join(', ')}}`;
