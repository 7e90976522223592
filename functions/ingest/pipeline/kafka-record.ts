/** A header of a Kafka record. Kafka allows a name more than once, any bytes and no value at all. */
export interface Header {
  readonly name: string;
  readonly value: Buffer | null;
}

/** The schema by which the event source mapping has validated a value, with its registry. */
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
  /** Present if the event source mapping has a schema registry: the value then comes without its header. */
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

/** The records of one topic-partition in one invocation. */
export interface PartitionBatch extends TopicPartition {
  /** The key of the Kafka event's `records` that they came in under: the one that the response must use. */
  readonly identifier: string;
  /** The records in offset order; one at least. */
  readonly records: readonly [KafkaRecord, ...KafkaRecord[]];
}

/** How messages name a partition: `topic-partition`. */
export const nameOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`;

/** How messages name a record: `topic-partition@offset`. */
export const at = (record: KafkaRecord): string => `${nameOf(record)}@${record.offset}`;
