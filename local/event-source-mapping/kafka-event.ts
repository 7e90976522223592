/** The origin of the records, as the event names it. */
export type EventSource =
  | { readonly kind: 'msk'; readonly eventSourceArn: string; readonly bootstrapServers: string }
  | { readonly kind: 'self-managed'; readonly bootstrapServers: string };

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
