import { type Client, types } from 'cassandra-driver';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { type RejectedRow, whole } from '../rejected/row.ts';
import { readPages } from '../tables/read-pages.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { toLocalDate, toParameter, toValue } from './driver-value.ts';
import type { ReadLimit } from './read-limit.ts';
import type { ReadEvent } from './rules/expected.ts';
import type { Values } from './rules/read-avro.ts';
import type { RowShape } from './rules/row.ts';

const dayMs = 86_400_000;
const [earliest, latest] = [Date.parse('0001-01-01'), Date.parse('9999-12-31')];

/** The two tables of records, as a verification reads them. */
export interface Tables {
  /** The seconds that a row of `user_events` lives; 0 is for ever. */
  readonly userEventsTtlSeconds: number;
  /** Reads the row of an event's key; null where there is none. @throws {IngestError} where it cannot be read. */
  readonly eventRow: (event: ReadEvent) => Promise<Values | null>;
  /**
   * Reads the rows of `rejected_events` between the offsets of the first and the last of some records of one partition, by offset.
   * @param records in offset order.
   * @throws {IngestError} where they cannot be read.
   */
  readonly rejectedRows: (records: readonly KafkaRecord[]) => Promise<Map<number, RejectedRow>>;
}

interface TablesOptions {
  readonly client: Client;
  readonly keyspace: string;
  readonly shape: RowShape;
  readonly limit: ReadLimit;
  readonly signal: AbortSignal;
}

/** The rows of a page of `rejected_events`: no more than of the records in memory, whose bytes they repeat. */
const pageRows = 500;

/**
 * Opens the tables of a keyspace.
 * @throws {UserFacingError} where it has no such table.
 */
export const openTables = async (options: TablesOptions): Promise<Tables> => {
  const { client, keyspace, shape, limit, signal } = options;
  const selectEvent =
    `SELECT ${shape.columns.map((name) => `"${name}"`).join(', ')} FROM ${keyspace}.user_events WHERE ` +
    shape.keyColumns.map(({ name }) => `"${name}" = ?`).join(' AND ');
  const selectRejected =
    `SELECT ${whole.columns.map((name) => `"${name}"`).join(', ')} FROM ${keyspace}.rejected_events ` +
    'WHERE topic = ? AND rejected_date = ? AND partition = ? AND "offset" >= ? AND "offset" <= ?';

  const rowsOf = async (query: string, parameters: readonly unknown[]): Promise<types.Row[]> =>
    (
      await Array.fromAsync(
        readPages(client, { query, parameters, pageRows, turn: limit.turn }, signal),
      )
    ).flat();

  return {
    userEventsTtlSeconds: await ttlOf(client, keyspace),
    eventRow: (event) =>
      limit.run(async () => {
        const key = shape.keyColumns.map(({ name, type }) =>
          toParameter(shape.keyValue(event, name), type),
        );
        const [row] = await rowsOf(selectEvent, key);
        return row === undefined
          ? null
          : Object.fromEntries(shape.columns.map((name) => [name, toValue(row[name])]));
      }),
    async rejectedRows(records) {
      const rows = await Promise.all(
        Map.groupBy(records, dayOf)
          .entries()
          .map(([day, ofDay]) =>
            limit.run(() => {
              const [{ topic, partition, offset }] = ofDay as [KafkaRecord];
              const last = (ofDay.at(-1) as KafkaRecord).offset;
              const offsets = [offset, last].map((one) => types.Long.fromNumber(one));
              return rowsOf(selectRejected, [topic, toLocalDate(day), partition, ...offsets]);
            }),
          ),
      );
      const found = rows.flat().map(whole.read);
      const days = new Map(records.map((record) => [record.offset, dayOf(record)]));
      // A row of another day stands where nobody looks for it.
      return new Map(
        found
          .map((row): [number, RejectedRow] => [Number(row.offset), row])
          .filter(
            ([offset, { rejectedDate }]) =>
              days.get(offset) === Math.floor(Date.parse(rejectedDate) / dayMs),
          ),
      );
    },
  };
};

/** The day whose partition of `rejected_events` has a record: that of its timestamp, or the nearest that every driver reads. */
const dayOf = ({ timestamp }: KafkaRecord): number =>
  Math.floor(Math.min(Math.max(timestamp, earliest), latest) / dayMs);

const ttlOf = async (client: Client, keyspace: string): Promise<number> => {
  const { rows } = await client.execute(
    'SELECT table_name, default_time_to_live FROM system_schema.tables WHERE keyspace_name = ?',
    [keyspace.toLowerCase()],
    { prepare: true },
  );
  const ttls = new Map(rows.map((row) => [row['table_name'], row['default_time_to_live']]));
  for (const table of ['user_events', 'rejected_events'])
    if (!ttls.has(table))
      throw new UserFacingError(
        `The keyspace ${keyspace} has no table ${table}: name another by --keyspace.`,
      );
  return Number(ttls.get('user_events') ?? 0);
};
