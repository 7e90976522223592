import type { Client } from 'cassandra-driver';
import {
  bigint,
  date,
  int,
  list,
  text,
  timestamp,
  tuple,
} from '../../functions/ingest/cassandra/rows/cql.ts';
import { insertRejectedEvent } from '../../functions/ingest/cassandra/rows/rejected-events.ts';
import type { Header } from '../../functions/ingest/pipeline/kafka-record.ts';

/** A row of `rejected_events` for a test; what is left out is usual. */
export interface GivenRejected {
  readonly topic: string;
  readonly day?: string;
  readonly partition?: number;
  readonly offset: bigint;
  readonly reason?: string;
  readonly detail?: string;
  readonly eventTime?: number;
  readonly watermark?: number;
  readonly recordTimestamp?: number;
  readonly rejectedAt?: number;
  readonly key?: Buffer | null;
  readonly value?: Buffer | null;
  readonly headers?: readonly Header[];
}

const dayMs = 86_400_000;

/** Writes rows of `rejected_events`, also ones with offsets that the function cannot have. */
export const writeRejected = async (
  client: Client,
  keyspace: string,
  rows: Iterable<GivenRejected>,
): Promise<void> => {
  const waiting = rows[Symbol.iterator]();
  const write = async (): Promise<void> => {
    for (;;) {
      const { value: row, done } = waiting.next();
      if (done) return;
      await client.execute(insertRejectedEvent(keyspace), valuesOf(row), { prepare: true });
    }
  };
  await Promise.all(Array.from({ length: 32 }, write));
};

const valuesOf = (row: GivenRejected): (Buffer | null)[] => {
  const now = Date.now();
  const { recordTimestamp = now, rejectedAt = now } = row;
  const day = row.day === undefined ? recordTimestamp : Date.parse(row.day);
  const offset = Buffer.alloc(8);
  offset.writeBigInt64BE(row.offset);
  return [
    text(row.topic),
    date(Math.floor(day / dayMs)),
    int(row.partition ?? 0),
    offset,
    text(row.reason ?? 'undecodable'),
    text(row.detail ?? 'the value (3 bytes) is no Avro UserEvent'),
    row.eventTime === undefined ? null : timestamp(row.eventTime),
    row.watermark === undefined ? null : timestamp(row.watermark),
    timestamp(recordTimestamp),
    row.key ?? null,
    row.value ?? null,
    list((row.headers ?? []).map(({ name, value }) => tuple([name, value]))),
    bigint(rejectedAt),
    int(0),
  ];
};
