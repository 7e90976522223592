/** A table's columns, key and time to live, in the form of Keyspaces' resources and of Cassandra's system tables. */
export interface TableDefinition {
  readonly name: string;
  /** The columns in the order of the statement, with their types as CQL writes them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly partitionKey: readonly string[];
  readonly clusteringKey: readonly { readonly name: string; readonly order: 'ASC' | 'DESC' }[];
  /** The seconds that a row lives; 0 is for ever. */
  readonly defaultTtlSeconds: number;
}

/**
 * Reads one statement of `createTables`. It is no parser of CQL: it knows the form of `tables.cql`, with one column a line.
 * @throws if the statement has another form.
 */
export const parseTable = (statement: string): TableDefinition => {
  const name = /^CREATE TABLE (?:IF NOT EXISTS )?(\w+) \($/m.exec(statement)?.[1];
  const key = /^ {2}PRIMARY KEY \(\((.*?)\)(?:, (.*))?\)$/m.exec(statement);
  if (name === undefined || key?.[1] === undefined)
    throw new Error(`not a statement of the form that tables.cql has: ${statement}`);
  const columns = [...statement.matchAll(/^ {2}"?([a-z]\w*)"? (.+),$/gm)];
  return {
    name,
    columns: columns.map(([, column = '', type = '']) => ({ name: column, type })),
    partitionKey: names(key[1]),
    clusteringKey: names(key[2] ?? '').map((column) => ({
      name: column,
      order: new RegExp(`\\b${column} DESC\\b`).test(statement) ? 'DESC' : 'ASC',
    })),
    defaultTtlSeconds: Number(/default_time_to_live = (\d+)/.exec(statement)?.[1] ?? 0),
  };
};

const names = (list: string): string[] =>
  list === '' ? [] : list.split(', ').map((name) => name.replaceAll('"', ''));
