import type { types } from 'cassandra-driver';
import type { Header } from '../../functions/ingest/pipeline/kafka-record.ts';

/** What `rejected_events` says of a record, without the record's bytes. Times are in milliseconds. */
export interface RejectedSummary {
  readonly topic: string;
  /** The day of the record’s Kafka timestamp, as `2026-11-29`. */
  readonly rejectedDate: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly reason: string;
  readonly detail: string;
  readonly eventTime: number | null;
  readonly watermark: number | null;
  readonly recordTimestamp: number | null;
  readonly rejectedAt: number | null;
}

/** A whole row of `rejected_events`. */
export interface RejectedRow extends RejectedSummary {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
}

/** The columns that are read of a row, and what they become. */
export interface RowShape<T> {
  readonly columns: readonly string[];
  /** The rows of a page, so few that a page fits the memory. */
  readonly pageRows: number;
  readonly read: (row: types.Row) => T;
}

const summaryColumns = [
  'topic',
  'rejected_date',
  'partition',
  'offset',
  'reason',
  'detail',
  'event_time',
  'watermark',
  'record_timestamp',
  'rejected_at',
];

const time = (value: unknown): number | null => (value instanceof Date ? value.getTime() : null);

const summaryOf = (row: types.Row): RejectedSummary => ({
  topic: row['topic'] as string,
  rejectedDate: String(row['rejected_date']),
  partition: row['partition'] as number,
  offset: BigInt(String(row['offset'])),
  reason: (row['reason'] ?? '') as string,
  detail: (row['detail'] ?? '') as string,
  eventTime: time(row['event_time']),
  watermark: time(row['watermark']),
  recordTimestamp: time(row['record_timestamp']),
  rejectedAt: time(row['rejected_at']),
});

/** Rows without the record's bytes. */
export const summary: RowShape<RejectedSummary> = {
  columns: summaryColumns,
  pageRows: 1_000,
  read: summaryOf,
};

/** Whole rows. A record may have a megabyte. */
export const whole: RowShape<RejectedRow> = {
  columns: [...summaryColumns, 'key', 'value', 'headers'],
  pageRows: 50,
  read: (row) => ({
    ...summaryOf(row),
    key: row['key'] as Buffer | null,
    value: row['value'] as Buffer | null,
    headers: ((row['headers'] ?? []) as types.Tuple[]).map((header) => ({
      name: (header.get(0) ?? '') as string,
      value: (header.get(1) ?? null) as Buffer | null,
    })),
  }),
};

/** Names a record as messages and command lines do: `topic/partition/offset`. */
export const nameOfRow = ({
  topic,
  partition,
  offset,
}: Pick<RejectedSummary, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}/${offset}`;
