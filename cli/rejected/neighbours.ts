import { type Client, types } from 'cassandra-driver';
import { watermarkOf } from '../../functions/ingest/pipeline/watermark.ts';
import type { Settings } from '../../functions/ingest/settings/read-settings.ts';
import { readCheckpoints } from '../tables/checkpoints.ts';
import type { RejectedSummary } from './row.ts';

/** A watermark that is on record near a record. */
export interface NearWatermark {
  readonly offset: bigint;
  /** Milliseconds. */
  readonly watermark: number;
  /** The words for where it is on record. */
  readonly from: string;
}

/** The rows on either side that are looked at. */
const mostRows = 200;

/**
 * Finds the watermarks before and after a rejected record that are on record: those of late records beside it, and those of the group’s
 * checkpoints. The nearest one of each side comes back, in the order of the offsets.
 */
export const neighbouringWatermarks = async (
  client: Client,
  settings: Pick<Settings, 'keyspace' | 'consumerGroup' | 'outOfOrdernessMs'>,
  row: RejectedSummary,
  signal: AbortSignal,
): Promise<NearWatermark[]> => {
  const { keyspace, consumerGroup: group, outOfOrdernessMs } = settings;
  const found = [
    ...(await lateRows(client, keyspace, row, '<', 'DESC')),
    ...(await lateRows(client, keyspace, row, '>', 'ASC')),
  ];
  const wanted = { group, topic: row.topic };
  for (const checkpoint of await readCheckpoints(client, keyspace, wanted, signal)) {
    if (checkpoint.partition !== row.partition) continue;
    const { earlier, nextOffset, maxEventTime } = checkpoint;
    for (const [offset, max] of [...earlier, [nextOffset, maxEventTime] as const])
      if (max !== null)
        found.push({
          offset,
          watermark: watermarkOf(max, outOfOrdernessMs),
          from: `a checkpoint of ${group}`,
        });
  }
  const sorted = found.toSorted((one, other) => Number(one.offset - other.offset));
  return [
    sorted.findLast(({ offset }) => offset <= row.offset),
    sorted.find(({ offset }) => offset > row.offset),
  ].filter((one) => one !== undefined);
};

const lateRows = async (
  client: Client,
  keyspace: string,
  { topic, rejectedDate, partition, offset }: RejectedSummary,
  side: '<' | '>',
  order: 'ASC' | 'DESC',
): Promise<NearWatermark[]> => {
  const query =
    `SELECT "offset", watermark FROM ${keyspace}.rejected_events ` +
    `WHERE topic = ? AND rejected_date = ? AND partition = ? AND "offset" ${side} ? ` +
    `ORDER BY "offset" ${order} LIMIT ${mostRows}`;
  const key = [
    topic,
    types.LocalDate.fromString(rejectedDate),
    partition,
    types.Long.fromString(String(offset)),
  ];
  const { rows } = await client.execute(query, key, { prepare: true });
  return rows.flatMap((row) => {
    const watermark = row['watermark'] as Date | null;
    return watermark === null
      ? []
      : [
          {
            offset: BigInt(String(row['offset'])),
            watermark: watermark.getTime(),
            from: 'a late record',
          },
        ];
  });
};
