import type { KafkaRecord, PartitionBatch } from '../../functions/ingest/pipeline/kafka-record.ts';
import { encode, type Fields } from './avro.ts';

/** Makes a record of `events-0` from the properties that a test is about. */
export const record = (given: Partial<KafkaRecord> = {}): KafkaRecord => ({
  topic: 'events',
  partition: 0,
  offset: 0,
  timestamp: 1_700_000_000_000,
  key: null,
  value: encode(),
  headers: [],
  ...given,
});

/** Makes valid events of one partition at consecutive offsets, each with its own user unless one is given. */
export const eventRecords = (
  events: readonly Partial<Fields>[],
  firstOffset = 0,
  partition = 0,
): KafkaRecord[] =>
  events.map((event, index) => {
    const offset = firstOffset + index;
    const user = `11111111-1111-4111-8111-${String(offset).padStart(12, '0')}`;
    return record({
      partition,
      offset,
      value: encode({ user_id: user, ...event }),
    });
  });

/** Makes the batch of one partition in an invocation. */
export const batch = (records: readonly KafkaRecord[]): PartitionBatch => {
  const [first, ...others] = records;
  if (first === undefined) throw new Error('a batch has a record');
  const { topic, partition } = first;
  return { identifier: `${topic}-${partition}`, topic, partition, records: [first, ...others] };
};

/** Copies a record into a plain object with the properties of its interface. */
export const plain = (one: KafkaRecord): KafkaRecord => {
  const { topic, partition, offset, timestamp, key, value, headers, validatedBy } = one;
  const fields = { topic, partition, offset, timestamp, key, value, headers };
  return validatedBy === undefined ? fields : { ...fields, validatedBy };
};
