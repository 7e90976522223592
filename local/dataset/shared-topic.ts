import { readUpTo } from '../../cli/kafka/read-topic.ts';
import { topicExtents } from '../../cli/kafka/topic-extents.ts';
import type { RowShape } from '../../cli/verify/rules/row.ts';
import type { UserEvent } from '../../functions/ingest/event/user-event.ts';
import { type Decoder, decode } from '../../functions/ingest/pipeline/decoder.ts';
import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { ExpectedTables, OthersRecord } from './expected-tables.ts';
import type { GeneratedRecord } from './generated-record.ts';

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
    const foreign: OthersRecord[] = [];
    for (const record of others.get(partition) ?? [])
      if (!offsets.has(record.offset))
        foreign.push(await asOthers(record, decoder, expectedTables.rows));
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

const asOthers = async (
  record: KafkaRecord,
  decoder: Decoder,
  rows: RowShape,
): Promise<OthersRecord> => {
  const { partition, offset, timestamp } = record;
  const event = await eventOf(record, decoder);
  return {
    partition,
    offset,
    timestamp,
    event: event === null ? null : { key: rows.key(event.toObject()), eventTime: event.eventTime },
  };
};

/** Reads the event of a record; null where it is none, or its schema cannot be had. */
const eventOf = async (record: KafkaRecord, decoder: Decoder): Promise<UserEvent | null> => {
  const first = decode(record, decoder);
  if (first.kind !== 'missing-schema') return first.kind === 'event' ? first : null;
  try {
    await decoder.fetchSchema(first.id);
  } catch (error) {
    if (error instanceof IngestError) return null;
    throw error;
  }
  const second = decode(record, decoder);
  return second.kind === 'event' ? second : null;
};
