import type { Header, KafkaRecord } from '../../../functions/ingest/pipeline/kafka-record.ts';
import type { RecordPlace } from '../../record/record-place.ts';

/** The headers by which programs say where a dead letter comes from, by the names of its parts. */
const origins = [
  // Kafka’s share groups (KIP-1191), and `redrive` itself.
  {
    topic: '__dlq.errors.topic',
    partition: '__dlq.errors.partition',
    offset: '__dlq.errors.offset',
  },
  // Kafka Connect.
  {
    topic: '__connect.errors.topic',
    partition: '__connect.errors.partition',
    offset: '__connect.errors.offset',
  },
  // Kafka Streams (KIP-1034).
  {
    topic: '__streams.errors.topic',
    partition: '__streams.errors.partition',
    offset: '__streams.errors.offset',
  },
  // Spring for Apache Kafka.
  {
    topic: 'kafka_dlt-original-topic',
    partition: 'kafka_dlt-original-partition',
    offset: 'kafka_dlt-original-offset',
  },
  // Spring Cloud Stream.
  { topic: 'x-original-topic', partition: 'x-original-partition', offset: 'x-original-offset' },
] as const;

/** The headers that programs add to a dead letter: they are no part of the record that it was. */
const added =
  /^(?:__(?:dlq|connect|streams)\.errors\.|kafka_dlt-|x-(?:original|exception)-|springDeserializerException)/;

/** The headers with the sentence of what went wrong; only their names are told, for they may have contents. */
const reasons = [
  ['__connect.errors.', 'Kafka Connect'],
  ['__streams.errors.', 'Kafka Streams'],
  ['__dlq.errors.', 'a share group'],
  ['kafka_dlt-', 'Spring for Apache Kafka'],
  ['x-original-', 'Spring Cloud Stream'],
] as const;

/** A dead letter of another program, as the record that it was. */
export interface DeadLetter {
  /** The place that the record had; null where its headers do not say so. */
  readonly place: RecordPlace | null;
  /** The topic that it came from; null where its headers do not say so. */
  readonly topic: string | null;
  /** The partition that it came from; null where its headers do not say so. */
  readonly partition: number | null;
  /** The headers without those that were added. */
  readonly headers: readonly Header[];
  readonly why: string;
}

/** Reads where a dead letter comes from. Its headers are hostile until read. */
export const readDeadLetter = ({ headers }: KafkaRecord): DeadLetter => {
  const lastOf = (name: string): Buffer | null =>
    headers.findLast((header) => header.name === name)?.value ?? null;
  const rest = headers.filter(({ name }) => !added.test(name));
  const writer = reasons.find(([prefix]) => headers.some(({ name }) => name.startsWith(prefix)));
  const why = `a dead letter of ${writer?.[1] ?? 'an unknown program'}`;
  for (const names of origins) {
    const topic = lastOf(names.topic)?.toString('utf8');
    if (topic === undefined || !/^[A-Za-z0-9._-]{1,249}$/.test(topic)) continue;
    const partition = wholeNumber(lastOf(names.partition), 2n ** 31n - 1n);
    const offset = wholeNumber(lastOf(names.offset), 2n ** 63n - 1n);
    return {
      place:
        partition === null || offset === null
          ? null
          : { topic, partition: Number(partition), offset },
      topic,
      partition: partition === null ? null : Number(partition),
      headers: rest,
      why,
    };
  }
  return { place: null, topic: null, partition: null, headers: rest, why };
};

/** Reads a number that a header has in digits, as most programs write it, or in four or eight bytes, as Spring does. */
const wholeNumber = (bytes: Buffer | null, most: bigint): bigint | null => {
  if (bytes === null) return null;
  const text = bytes.toString('latin1');
  const number = /^\d{1,19}$/.test(text)
    ? BigInt(text)
    : bytes.length === 4
      ? BigInt(bytes.readInt32BE())
      : bytes.length === 8
        ? bytes.readBigInt64BE()
        : -1n;
  return number >= 0n && number <= most ? number : null;
};
