import type { Rehearsal } from './rehearsal.ts';
import type { Stage } from './stages.ts';

interface Named {
  readonly name: string;
}

/** A table in the answer of Keyspaces' API. */
interface KeyspacesTable {
  readonly schemaDefinition: {
    readonly allColumns: readonly (Named & { readonly type: string })[];
    readonly partitionKeys: readonly Named[];
    readonly clusteringKeys?: readonly (Named & { readonly orderBy: string })[];
  };
}

/** Reads the tables of a stage on Keyspaces, by name. */
export const keyspacesTables = async (
  rehearsal: Rehearsal,
  { sink }: Stage,
): Promise<Readonly<Record<string, KeyspacesTable>>> => {
  const { keyspaces } = await rehearsal.state();
  return (keyspaces[sink.keyspace] ?? {}) as Record<string, KeyspacesTable>;
};

/**
 * Gives the Cassandra in place of Keyspaces the tables and columns that Keyspaces' API lists, and drops the other tables: the
 * emulator's tables have no rows.
 */
export const followKeyspaces = async (rehearsal: Rehearsal, stage: Stage): Promise<void> => {
  const { cassandra, database } = rehearsal.world;
  const { keyspace } = stage.sink;
  const tables = await keyspacesTables(rehearsal, stage);
  await cassandra.execute(
    `CREATE KEYSPACE IF NOT EXISTS ${keyspace} ` +
      `WITH replication = {'class': 'NetworkTopologyStrategy', '${database.localDataCenter}': 1}`,
  );
  const { rows } = await cassandra.execute(
    'SELECT table_name, column_name FROM system_schema.columns WHERE keyspace_name = ?',
    [keyspace],
  );
  const there = Map.groupBy(rows, (row): string => row['table_name']);
  for (const [name, table] of Object.entries(tables)) {
    const known = there.get(name)?.map((row) => row['column_name']);
    if (known === undefined) await cassandra.execute(createTable(`${keyspace}.${name}`, table));
    else
      for (const column of table.schemaDefinition.allColumns)
        if (!known.includes(column.name))
          await cassandra.execute(
            `ALTER TABLE ${keyspace}.${name} ADD ${column.name} ${column.type}`,
          );
  }
  for (const name of there.keys())
    if (!(name in tables)) await cassandra.execute(`DROP TABLE ${keyspace}.${name}`);
};

const createTable = (name: string, { schemaDefinition }: KeyspacesTable): string => {
  const { allColumns, partitionKeys, clusteringKeys = [] } = schemaDefinition;
  const names = (all: readonly Named[]) => all.map((one) => one.name).join(', ');
  const key = [`(${names(partitionKeys)})`, ...clusteringKeys.map((one) => one.name)].join(', ');
  const columns = allColumns.map((one) => `${one.name} ${one.type}`).join(', ');
  const order = clusteringKeys.map((one) => `${one.name} ${one.orderBy}`).join(', ');
  const options = order === '' ? '' : ` WITH CLUSTERING ORDER BY (${order})`;
  return `CREATE TABLE ${name} (${columns}, PRIMARY KEY (${key}))${options}`;
};
