import type { Client, types } from 'cassandra-driver';
import { readPages } from './read-pages.ts';

/** A row of `partition_watermarks`: where a consumer group stands in a partition. Times are in milliseconds. */
export interface CheckpointRow {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** The offset below which every record is handled. */
  readonly nextOffset: bigint;
  readonly maxEventTime: number | null;
  /** The checkpoints before this one: the largest event time before the record of each offset. */
  readonly earlier: ReadonlyMap<bigint, number>;
  readonly updatedAt: number | null;
}

interface Wanted {
  /** The consumer group; all where it is left out. */
  readonly group?: string | undefined;
  /** The topic; all where it is left out. */
  readonly topic?: string | undefined;
}

/**
 * Reads where consumer groups stand, by group, topic and partition. The table has one row for each of them, so that all of it is read.
 * @throws {IngestError} where the table cannot be read.
 */
export const readCheckpoints = async (
  client: Client,
  keyspace: string,
  { group, topic }: Wanted,
  signal: AbortSignal,
): Promise<CheckpointRow[]> => {
  const query =
    'SELECT consumer_group, topic, partition, next_offset, max_event_time, earlier, updated_at ' +
    `FROM ${keyspace}.partition_watermarks`;
  const found: CheckpointRow[] = [];
  for await (const rows of readPages(client, { query, parameters: [], pageRows: 1_000 }, signal))
    for (const row of rows) {
      const checkpoint = toRow(row);
      if (group !== undefined && checkpoint.group !== group) continue;
      if (topic !== undefined && checkpoint.topic !== topic) continue;
      found.push(checkpoint);
    }
  return found.toSorted(
    (one, other) =>
      inOrder(one.group, other.group) ||
      inOrder(one.topic, other.topic) ||
      one.partition - other.partition,
  );
};

const inOrder = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const toRow = (row: types.Row): CheckpointRow => ({
  group: row['consumer_group'] as string,
  topic: row['topic'] as string,
  partition: row['partition'] as number,
  nextOffset: BigInt(String(row['next_offset'] ?? 0)),
  maxEventTime: (row['max_event_time'] as Date | null)?.getTime() ?? null,
  earlier: new Map(
    [...((row['earlier'] ?? new Map()) as Map<types.Long, Date>)].map(([offset, time]) => [
      BigInt(String(offset)),
      time.getTime(),
    ]),
  ),
  updatedAt: (row['updated_at'] as Date | null)?.getTime() ?? null,
});
