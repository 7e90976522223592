/** A header of a Kafka record. Kafka allows a name more than once, any bytes and no value at all. */
export interface Header {
  readonly name: string;
  readonly value: Buffer | null;
}

/** What the event source mapping says of a value that it has validated against a schema registry. */
export interface ValidatedBy {
  readonly dataFormat: string;
  /** The id of the writer's schema: a number in digits (Confluent), or a version's uuid (Glue). */
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

/** How messages name a partition: `topic-partition`. */
export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** How messages name a record: `topic-partition@offset`. */
export const at = (record: KafkaRecord): string => `${nameOf(record)}@${record.offset}`;
