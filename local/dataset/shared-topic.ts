import { type Decoder, decode } from '../../functions/ingest/pipeline/decoder.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { readUpTo } from '../inspect/read-topic.ts';
import { topicExtents } from '../own-events/topic.ts';
import type { ExpectedTables, OthersRecord } from './expected-tables.ts';
import type { GeneratedRecord } from './generated-record.ts';
import type { RowShape } from './row.ts';

export interface SharedTopic {
  readonly bootstrapServers: readonly string[];
  readonly topic: string;
  /** Reads the records of others, as the function does: nobody here knows what they must be. */
  readonly decoder: Decoder;
}

/**
 * Adds to the expected tables what stands on a topic that others append to as well. What the producer was given an offset for is
 * ours; every other record is of others: it counts for the watermark, and its rows are left out of the comparison.
 * @param ours the records that were produced since the last call.
 * @param handled the offset, by partition, below which the function has handled every record.
 */
export const expectShared = async (
  { bootstrapServers, topic, decoder }: SharedTopic,
  expectedTables: ExpectedTables,
  ours: readonly GeneratedRecord[],
  handled: ReadonlyMap<number, number>,
): Promise<void> => {
  const connection = { bootstrapServers };
  const ends = await topicExtents(connection, topic);
  const own = new Map([...ends.keys()].map((partition) => [partition, new Set<number>()]));
  for (const { partition, offset } of ours) own.get(partition)?.add(offset);

  /** The partitions in which not every new record is ours. */
  const positions = new Map<number, bigint>();
  for (const [partition, { end }] of ends) {
    const from = expectedTables.partitions[partition]?.nextOffset ?? 0;
    if (Number(end) - from > (own.get(partition)?.size ?? 0))
      positions.set(partition, BigInt(from));
  }
  const read = positions.size === 0 ? [] : await readUpTo(connection, topic, positions, ends);
  const others = Map.groupBy(read.flat(), ({ partition }) => partition);

  for (const [partition, offsets] of own) {
    const upTo = handled.get(partition) ?? 0;
    const foreign = (others.get(partition) ?? [])
      .filter(({ offset }) => !offsets.has(offset))
      .map((record) => asOthers(record, decoder, expectedTables.rows));
    for (const record of foreign) if (record.offset >= upTo) expectedTables.leaveOut(record);
    const steps: readonly { readonly offset: number; readonly take: () => void }[] = [
      ...ours
        .filter((record) => record.partition === partition)
        .map((record) => ({ offset: record.offset, take: () => expectedTables.add(record) })),
      ...foreign
        .filter(({ offset }) => offset < upTo)
        .map((record) => ({ offset: record.offset, take: () => expectedTables.other(record) })),
    ];
    for (const { offset, take } of steps.toSorted((one, other) => one.offset - other.offset)) {
      expectedTables.passTo(partition, offset);
      take();
    }
  }
};

const asOthers = (record: KafkaRecord, decoder: Decoder, rows: RowShape): OthersRecord => {
  const { partition, offset, timestamp } = record;
  const decoded = decode(record, decoder);
  return {
    partition,
    offset,
    timestamp,
    event:
      decoded.kind === 'event'
        ? { key: rows.key(decoded.toObject()), eventTime: decoded.eventTime }
        : null,
  };
};
