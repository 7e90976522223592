import { type AvroWriter, publishedWriter } from '../schema/avro-bytes.ts';
import type { Sample, SampleEvent, SampleRecord } from './samples.ts';

/** A Lambda Kafka event, as Lambda sends it. */
export interface SavedEvent {
  readonly eventSource: string;
  readonly eventSourceArn?: string;
  readonly bootstrapServers: string;
  readonly records: Readonly<Record<string, readonly object[]>>;
}

/**
 * Makes the event of a sample: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html and …/with-kafka.html
 * @param writer encodes the events; the writer of the published schema unless given.
 */
export const toKafkaEvent = (
  { source, topic, records }: Sample,
  writer: AvroWriter = publishedWriter,
): SavedEvent => {
  const byPartition = Map.groupBy(records, ({ partition = 0 }) => `${topic}-${partition}`);
  const body = {
    bootstrapServers: 'b-1.example.org:9092,b-2.example.org:9092',
    records: Object.fromEntries(
      [...byPartition].map(([key, list]) => [
        key,
        list.map((record) => toItem(topic, record, writer)),
      ]),
    ),
  };
  return source === 'msk'
    ? {
        eventSource: 'aws:kafka',
        eventSourceArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/example/00000000-1',
        ...body,
      }
    : { eventSource: 'SelfManagedKafka', ...body };
};

/** Makes a record of the event. An absent key or value has no property, as in Lambda's events. */
const toItem = (topic: string, record: SampleRecord, writer: AvroWriter): object => {
  const { partition = 0, offset, timestamp, key, value, headers = [] } = record;
  return {
    topic,
    partition,
    offset,
    timestamp: Date.parse(timestamp),
    timestampType: 'CREATE_TIME',
    ...(key === undefined ? {} : { key: Buffer.from(key).toString('base64') }),
    ...(value === null ? {} : { value: toBytes(value, offset, writer).toString('base64') }),
    // Java's bytes are signed.
    headers: headers.map(([name, hex]) => ({
      [name]: [...new Int8Array(Buffer.from(hex, 'hex'))],
    })),
  };
};

const toBytes = (
  value: NonNullable<SampleRecord['value']>,
  offset: number,
  writer: AvroWriter,
): Buffer => {
  if ('text' in value) return Buffer.from(value.text);
  if ('hex' in value) return Buffer.from(value.hex, 'hex');
  if ('appended' in value)
    return Buffer.concat([
      writer.bytes(fieldsOf(value.event, offset)),
      Buffer.from(value.appended, 'hex'),
    ]);
  if ('entries' in value)
    return withEntries(fieldsOf(value.event, offset), Buffer.from(value.entries, 'hex'), writer);
  return writer.bytes(fieldsOf(value, offset));
};

/** Encodes an event whose metadata goes on with a further block of entries where the map would end. */
const withEntries = (
  event: Readonly<Record<string, unknown>>,
  block: Buffer,
  { type: record, withDefaults }: AvroWriter,
): Buffer => {
  const values = withDefaults(event);
  return Buffer.concat(
    record.fields.flatMap(({ name, type }) => {
      const bytes = type.toBuffer(values[name]);
      return name === 'metadata' ? [bytes.subarray(0, -1), block] : [bytes];
    }),
  );
};

const uuid = (group: string, number: number): string =>
  `${group}-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Fills in an event's fields. The event_id comes from the offset, so that every run makes the same sample. */
export const fieldsOf = ({ user, type, time, metadata = {} }: SampleEvent, offset: number) => ({
  user_id: typeof user === 'string' ? user : uuid('00000000', user),
  event_type: type,
  event_time: Date.parse(time),
  event_id: uuid('eeeeeeee', offset),
  metadata,
});
