import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { PartitionRange } from './findings-file.ts';
import type { Item } from './judge.ts';
import { type Maximum, maximumAfter, maximumAfterGone, maximumAfterUnjudged } from './maximum.ts';
import type { ReadEvent } from './rules/expected.ts';
import type { Reading, RecordReader, SchemaId } from './rules/record-reader.ts';
import { isInSample } from './sample.ts';
import type { Round } from './topic-rounds.ts';
import type { Work } from './work.ts';

/** Asks for the schemas that records need and that are not known. */
export const learnSchemas = async (
  { reader, askForSchema }: Pick<Work, 'reader' | 'askForSchema'>,
  rounds: readonly Pick<Round, 'records'>[],
): Promise<void> => {
  const wanted = new Set<SchemaId>();
  for (const { records } of rounds)
    for (const { record } of records) {
      const read = reader.read(record);
      if ('schema' in read) wanted.add(read.schema);
    }
  await Promise.all([...wanted].map(async (id) => reader.learn(id, await askForSchema(id))));
};

/** An event that was read. */
export interface TakenEvent {
  readonly record: KafkaRecord;
  readonly event: ReadEvent;
  /** What is known of the maximum on reaching it. */
  readonly maximum: Maximum;
}

/** Where the reading of a partition stands. */
export interface Standing {
  next: number;
  maximum: Maximum;
}

interface Taken {
  readonly items: readonly Item[];
  /** The events of the round, also those that are not judged: they may explain the rows of others. */
  readonly events: readonly TakenEvent[];
  /** Counts what was read, once it is judged. */
  readonly counted: () => void;
}

/** Takes the records of a round in their order, and moves the partition over them. */
export const take = (
  work: Pick<Work, 'header' | 'counts' | 'kept' | 'reader'>,
  range: PartitionRange,
  standing: Standing,
  round: Round,
): Taken => {
  const { header, counts, kept } = work;
  const { partition, start } = range;
  const items: Item[] = [];
  const events: TakenEvent[] = [];
  let [left, gone] = [0, 0];
  for (const { record, goneBefore } of round.records) {
    const { offset, timestamp } = record;
    const isJudged = offset >= start;
    if (goneBefore > 0 || standing.maximum.high === Number.POSITIVE_INFINITY)
      standing.maximum = maximumAfterGone(standing.maximum, timestamp, header.settings);
    if (isJudged) gone += Math.min(goneBefore, offset - start);
    const reading = readingOf(work.reader, record);
    const { maximum } = standing;
    if (isJudged) {
      if (isInSample(partition, offset, header.sample)) items.push({ record, reading, maximum });
      else left += 1;
    }
    if (reading.kind === 'event') {
      events.push({ record, event: reading.event, maximum });
      standing.maximum = maximumAfter(maximum, reading.event.event_time, timestamp, {
        maxFutureMs: header.settings.maxFutureMs,
        isCertain: !kept.has(partition, offset),
      });
    } else if (reading.kind === 'unjudged')
      standing.maximum = maximumAfterUnjudged(maximum, timestamp, header.settings);
  }
  standing.next = round.next;
  return {
    items,
    events,
    counted() {
      counts.add('read', round.records.length);
      counts.add('not in the sample', left);
      counts.add('gone', gone + round.goneAfter);
      counts.add('unread', round.unread);
    },
  };
};

/** Reads a record whose schema has been asked for. One whose schema was forgotten meanwhile cannot be told. */
export const readingOf = (reader: RecordReader, record: KafkaRecord): Reading => {
  const read = reader.read(record);
  return 'schema' in read ? { kind: 'unjudged', why: 'schemaUnread' } : read;
};
