/** The origin of the records, as the event names it. */
export type EventSource =
  | { readonly kind: 'msk'; readonly eventSourceArn: string; readonly bootstrapServers: string }
  | { readonly kind: 'self-managed'; readonly bootstrapServers: string };

/** Lambda's Kafka event, as a function gets it. */
export interface KafkaEvent {
  readonly eventSource: 'aws:kafka' | 'SelfManagedKafka';
  /** Absent for self-managed Kafka. */
  readonly eventSourceArn?: string;
  /** The brokers, separated by commas. */
  readonly bootstrapServers: string;
  /** The records by `topic-partition`. */
  readonly records: Readonly<Record<string, readonly KafkaEventRecord[]>>;
}

export interface KafkaEventRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME';
  /** The key in base64; absent where the record has none. */
  readonly key?: string;
  /** The value in base64; absent where the record has none. */
  readonly value?: string;
  /** The headers in their order, each with its bytes as signed numbers. */
  readonly headers: readonly Readonly<Record<string, readonly number[] | null>>[];
}

/** The records of one topic-partition, each already as JSON text. */
export interface RecordsOfPartition {
  /** The name `topic-partition`: the key of `records`, repeated by the response's identifiers. */
  readonly identifier: string;
  readonly records: readonly { readonly json: string }[];
}

/** Writes the JSON text of Lambda's Kafka event; a partition without records is left out. */
export const toEventJson = (source: EventSource, parts: readonly RecordsOfPartition[]): string => {
  const partitions = parts
    .filter(({ records }) => records.length > 0)
    .map(({ identifier, records }) =>
      partitionJson(identifier, records.map(({ json }) => json).join(',')),
    );
  return envelopeJson(source, partitions.join(','));
};

/** Computes the bytes of an event without partitions. */
export const envelopeBytes = (source: EventSource): number =>
  Buffer.byteLength(envelopeJson(source, ''));

/** Computes the bytes that a partition adds to an event, without its records and the commas between them. */
export const partitionBytes = (identifier: string): number =>
  Buffer.byteLength(partitionJson(identifier, ''));

const envelopeJson = (source: EventSource, partitions: string): string => {
  const origin =
    source.kind === 'msk'
      ? `"eventSource":"aws:kafka","eventSourceArn":${JSON.stringify(source.eventSourceArn)}`
      : '"eventSource":"SelfManagedKafka"';
  return `{${origin},"bootstrapServers":${JSON.stringify(source.bootstrapServers)},"records":{${partitions}}}`;
};

const partitionJson = (identifier: string, records: string): string =>
  `${JSON.stringify(identifier)}:[${records}]`;
