import { type Span, spanOf } from '../bytes/byte-range.ts';

/** A header of a Kafka record. Kafka allows a name more than once, any bytes and no value at all. */
export interface Header {
  readonly name: string;
  readonly value: Buffer | null;
}

/** What the event source mapping says of a value that it has validated against a schema registry. */
export interface ValidatedBy {
  readonly dataFormat: string;
  /** Of the writer's schema: a number in digits (Confluent), or a version's uuid (Glue). */
  readonly schemaId: string;
}

/** One record of a Kafka topic-partition, as it was produced. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  /** Position in the partition; offsets rise, but not always by one. */
  readonly offset: number;
  /** Milliseconds since the epoch, set by the producer or the broker; −1 where there is none. */
  readonly timestamp: number;
  /** Null where the record has none. */
  readonly key: Buffer | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: readonly Header[];
  /** Only where the event source mapping has a schema registry: the value then comes without its header. */
  readonly validatedBy?: ValidatedBy | undefined;
  /**
   * What is wrong with the record as it was delivered, as a sentence without contents: it has its position, and no event can be read of
   * it. What of key, value and headers could be read is there.
   */
  readonly malformed?: string;
  /** The value, where whoever made the record has it within other bytes; null is a tombstone. */
  readonly packed?: Span | null;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What one invocation brings of one topic-partition. */
export interface PartitionBatch extends TopicPartition {
  /** The key of the Kafka event's `records` that they came in under: the one that the response must use. */
  readonly identifier: string;
  /** In offset order, never empty. */
  readonly records: readonly [KafkaRecord, ...KafkaRecord[]];
}

/** Where the bytes of a record's value are; null is a tombstone. */
export const bytesOfValue = (record: KafkaRecord): Span | null => {
  if (record.packed !== undefined) return record.packed;
  return record.value === null ? null : spanOf(record.value);
};

/** How messages name a partition: `topic-partition`. */
export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** How messages name a record: `topic-partition@offset`. */
export const at = (record: KafkaRecord): string => `${nameOf(record)}@${record.offset}`;
