import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { parseTable, type TableDefinition } from '../../../schema/table-definition.ts';
import { createTables, type TableOptions } from '../../../schema/tables.ts';
import type { Value } from './schema-fields.ts';

/** The values of a row of user_events, or of an event, by column name. Each is a `Value`, from which a digest can be made. */
type RowValues = Readonly<Record<string, unknown>>;

/** The shape of a row of user_events under some settings. */
export interface RowShape {
  /** The names of all columns. */
  readonly columns: readonly string[];
  /** The columns of the partition key. */
  readonly partition: readonly NamedColumn[];
  /** The columns of the primary key, in key order. */
  readonly keyColumns: readonly NamedColumn[];
  /** Prints the primary key: the values of its columns, separated by spaces. */
  key(values: RowValues): string;
  /** Makes a digest of the columns outside the key. */
  digest(values: RowValues): string;
  /** The value of a column of the key, which may be computed from the event's time. */
  keyValue(values: RowValues, name: string): Value;
  /** Lists the columns outside the key in which two rows differ. */
  differing(one: RowValues, other: RowValues): string[];
}

interface NamedColumn {
  readonly name: string;
  readonly type: string;
}

/** Lists the names of a table's key columns, in key order. */
export const keyOf = ({
  partitionKey,
  clusteringKey,
}: Pick<TableDefinition, 'partitionKey' | 'clusteringKey'>): readonly string[] => [
  ...partitionKey,
  ...clusteringKey.map(({ name }) => name),
];

/** Derives the shape of a row from the definition of its table. */
export const rowShape = ({ columns, partitionKey, clusteringKey }: TableDefinition): RowShape => {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const shown = (values: RowValues, name: string): unknown =>
    canonical(valueIn(values, name), types.get(name) === 'uuid');
  const key = keyOf({ partitionKey, clusteringKey });
  const content = columns.map(({ name }) => name).filter((name) => !key.includes(name));
  return {
    columns: columns.map(({ name }) => name),
    partition: columns.filter(({ name }) => partitionKey.includes(name)),
    keyColumns: key.map((name) => ({ name, type: types.get(name) ?? '' })),
    key: (values) => key.map((name) => shown(values, name)).join(' '),
    digest: (values) => digest(content.map((name) => shown(values, name))),
    keyValue: (values, name) => valueIn(values, name),
    differing: (one, other) =>
      content.filter((name) => !isDeepStrictEqual(shown(one, name), shown(other, name))),
  };
};

type Settings = Partial<Pick<TableOptions, 'bucket' | 'eventIdInKey'>>;

/** Parses the definition of user_events in `tables.cql`, under settings. */
const tableOf = (settings: Settings = {}): TableDefinition => {
  const [statement = ''] = createTables(settings);
  return parseTable(statement);
};

/** The definition of user_events under default settings. */
export const standardTable = tableOf();

/** Derives the shape of a row under settings. */
export const rowsOf = (settings: Settings): RowShape => rowShape(tableOf(settings));

/** The shape of a row under default settings. */
export const standardRows = rowShape(standardTable);

/** Makes a digest of twelve characters. They have 72 bits: two different rows do not share a digest by chance. */
export const digest = (content: unknown): string =>
  hash('sha1', JSON.stringify(content), 'base64').slice(0, 12);

const hour = 3_600_000;
const day = 24 * hour;

/** The columns that are computed from the event's time. */
const computed: Readonly<Record<string, (eventTime: number) => number>> = {
  bucket_date: (eventTime) => Math.floor(eventTime / day),
  bucket_hour: (eventTime) => Math.floor(eventTime / hour) - 24 * Math.floor(eventTime / day),
};

const valueIn = (values: RowValues, name: string): Value => {
  const given = values[name];
  if (given !== undefined) return given as Value;
  const compute = computed[name];
  return compute === undefined ? null : compute(values['event_time'] as number);
};

/**
 * Converts a value to a form that JSON can tell from other values of its column. An empty map becomes null: a table does not tell
 * them apart.
 */
const canonical = (value: Value, isUuid: boolean): unknown => {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return isUuid ? value.toLowerCase() : value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value === 'object')
    return value.size === 0 ? null : [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${value}`;
};
