import type { TableDefinition } from '../../schema/table-definition.ts';

/** A table as described by `system_schema`. */
export interface FoundTable {
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly kind: string;
    readonly position: number;
    /** The sort order: `asc`, `desc`, or `none` outside the clustering key. */
    readonly order: string;
  }[];
  readonly defaultTtlSeconds: number;
}

/**
 * Lists the differences between an existing table and its definition, each with a remedy. Additional columns are no difference,
 * because the function names the columns that it writes.
 */
export const differences = (
  keyspace: string,
  wanted: TableDefinition,
  found: FoundTable,
): string[] => {
  const name = `${keyspace}.${wanted.name}`;
  const types = new Map(found.columns.map((column) => [column.name, column.type]));
  const columns = wanted.columns.flatMap(({ name: column, type }) => {
    const there = types.get(column);
    if (there === type) return [];
    return there === undefined
      ? [`${name} has no column ${column} ${type}: ALTER TABLE ${name} ADD "${column}" ${type}`]
      : [
          `${name}.${column} is ${there} and must be ${type}: the type of a column cannot be changed`,
        ];
  });
  const key = primaryKey(
    wanted.partitionKey,
    wanted.clusteringKey.map(({ name: column, order }) => `${column} ${order}`),
  );
  const foundKey = primaryKey(
    ofKind(found, 'partition_key').map(({ name: column }) => column),
    ofKind(found, 'clustering').map((column) => `${column.name} ${column.order.toUpperCase()}`),
  );
  return [
    ...columns,
    ...(key === foundKey
      ? []
      : [
          `${name} has the key ${foundKey} and must have ${key}: use another keyspace, or copy the table`,
        ]),
    ...(found.defaultTtlSeconds === wanted.defaultTtlSeconds
      ? []
      : [
          `${name} has default_time_to_live ${found.defaultTtlSeconds} and must have ${wanted.defaultTtlSeconds}: ` +
            `ALTER TABLE ${name} WITH default_time_to_live = ${wanted.defaultTtlSeconds}`,
        ]),
  ];
};

const ofKind = ({ columns }: FoundTable, kind: string) =>
  columns
    .filter((column) => column.kind === kind)
    .toSorted((one, other) => one.position - other.position);

const primaryKey = (partition: readonly string[], clustering: readonly string[]): string =>
  `((${partition.join(', ')})${clustering.map((column) => `, ${column}`).join('')})`;
