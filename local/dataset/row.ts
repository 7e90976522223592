import { hash } from 'node:crypto';
import { parseTable, type TableDefinition } from '../../schema/table-definition.ts';
import { createTables, type TableOptions } from '../../schema/tables.ts';
import type { Value } from './schema-fields.ts';

/** The values of a row of user_events, or of the event that it is of, by the names of the columns; `Value` is what a digest can be made of. */
type RowValues = Readonly<Record<string, unknown>>;

/** What a row of user_events is, in the table that the settings give. */
export interface RowShape {
  /** The names of all columns. */
  readonly columns: readonly string[];
  /** The columns of the partition key. */
  readonly partition: readonly { readonly name: string; readonly type: string }[];
  /** The primary key, readable: the values of its columns with spaces between. */
  key(values: RowValues): string;
  /** A digest of the columns that are no part of the key. */
  digest(values: RowValues): string;
}

/** The names of the columns of a table's key, in their order. */
export const keyOf = ({
  partitionKey,
  clusteringKey,
}: Pick<TableDefinition, 'partitionKey' | 'clusteringKey'>): readonly string[] => [
  ...partitionKey,
  ...clusteringKey.map(({ name }) => name),
];

/** Tells what a row is by the definition of its table. */
export const rowShape = ({ columns, partitionKey, clusteringKey }: TableDefinition): RowShape => {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const shown = (values: RowValues, name: string): unknown =>
    canonical(valueIn(values, name), types.get(name) === 'uuid');
  const key = keyOf({ partitionKey, clusteringKey });
  const content = columns.map(({ name }) => name).filter((name) => !key.includes(name));
  return {
    columns: columns.map(({ name }) => name),
    partition: columns.filter(({ name }) => partitionKey.includes(name)),
    key: (values) => key.map((name) => shown(values, name)).join(' '),
    digest: (values) => digest(content.map((name) => shown(values, name))),
  };
};

type Settings = Partial<Pick<TableOptions, 'bucket' | 'eventIdInKey'>>;

/** The definition of user_events in `tables.cql`, for settings. */
const tableOf = (settings: Settings = {}): TableDefinition => {
  const [statement = ''] = createTables(settings);
  return parseTable(statement);
};

/** The definition of user_events under default settings. */
export const standardTable = tableOf();

/** Tells what a row is under settings. */
export const rowsOf = (settings: Settings): RowShape => rowShape(tableOf(settings));

/** Under default settings. */
export const standardRows = rowShape(standardTable);

/** Twelve characters are 72 bits: two rows alike by chance are not to be expected. */
export const digest = (content: unknown): string =>
  hash('sha1', JSON.stringify(content), 'base64').slice(0, 12);

const hour = 3_600_000;
const day = 24 * hour;

/** The columns that no event has: they are computed from its time. */
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

/** A value as JSON can tell it from others of its column. A map without entries is none: a table does not tell them apart. */
const canonical = (value: Value, isUuid: boolean): unknown => {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return isUuid ? value.toLowerCase() : value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value === 'object')
    return value.size === 0 ? null : [...value].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${value}`;
};
