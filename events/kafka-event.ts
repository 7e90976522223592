import avro from 'avsc';
import schema from '../schema/user-event.avsc.json' with { type: 'json' };
import type { Sample, SampleEvent, SampleRecord } from './samples.ts';

/** A Lambda Kafka event, as Lambda sends it. */
export interface SavedEvent {
  readonly eventSource: string;
  readonly eventSourceArn?: string;
  readonly bootstrapServers: string;
  readonly records: Readonly<Record<string, readonly object[]>>;
}

const type = avro.Type.forSchema(schema as avro.Schema);

/** https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html and …/with-kafka.html */
export const toKafkaEvent = ({ source, topic, records }: Sample): SavedEvent => {
  const byPartition = Map.groupBy(records, ({ partition = 0 }) => `${topic}-${partition}`);
  const body = {
    bootstrapServers: 'b-1.example.org:9092,b-2.example.org:9092',
    records: Object.fromEntries(
      [...byPartition].map(([key, list]) => [key, list.map((record) => toItem(topic, record))]),
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

/** A key or value that there is none of is absent, as Lambda leaves it out. */
const toItem = (topic: string, record: SampleRecord): object => {
  const { partition = 0, offset, timestamp, key, value, headers = [] } = record;
  return {
    topic,
    partition,
    offset,
    timestamp: Date.parse(timestamp),
    timestampType: 'CREATE_TIME',
    ...(key === undefined ? {} : { key: Buffer.from(key).toString('base64') }),
    ...(value === null ? {} : { value: toBytes(value, offset).toString('base64') }),
    // Java's bytes are signed.
    headers: headers.map(([name, hex]) => ({
      [name]: [...new Int8Array(Buffer.from(hex, 'hex'))],
    })),
  };
};

const toBytes = (value: NonNullable<SampleRecord['value']>, offset: number): Buffer => {
  if ('hex' in value) return Buffer.from(value.hex, 'hex');
  if (!('appended' in value)) return encode(value, offset);
  // What follows takes the place of the end of the metadata map where that would come first.
  const event = encode(value.event, offset);
  const open = value.event.metadata !== undefined;
  return Buffer.concat([open ? event.subarray(0, -1) : event, Buffer.from(value.appended, 'hex')]);
};

const uuid = (group: string, number: number): string =>
  `${group}-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** The offset makes the event_id, so that a sample is the same however often it is made. */
const encode = ({ user, type: eventType, time, metadata = {} }: SampleEvent, offset: number) =>
  type.toBuffer({
    user_id: typeof user === 'string' ? user : uuid('00000000', user),
    event_type: eventType,
    event_time: Date.parse(time),
    event_id: uuid('eeeeeeee', offset),
    metadata,
  });
