import { NotAKafkaEventError } from '../errors.ts';
import type { Header, KafkaRecord, PartitionBatch } from '../record.ts';

const eventSources: readonly unknown[] = ['aws:kafka', 'SelfManagedKafka'];

/**
 * The topic-partitions of a Lambda Kafka event (MSK or self-managed), each in offset order.
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
 * @throws {NotAKafkaEventError} where the event is not of that shape, saying where.
 */
export const toRecords = (event: unknown): PartitionBatch[] => {
  if (!isObject(event) || !eventSources.includes(event['eventSource']))
    throw new NotAKafkaEventError(
      `The event is not a Kafka event: eventSource must be ${eventSources.join(' or ')}. ` +
        'Invoke this function by a Kafka event source mapping, or with an event like those in events/.',
    );
  const { records } = event;
  if (!isObject(records)) throw malformed('records', 'an object of arrays', records);
  return Object.entries(records).flatMap(([identifier, list]) => {
    if (!Array.isArray(list)) throw malformed(`records["${identifier}"]`, 'an array', list);
    return toBatch(identifier, list);
  });
};

const toBatch = (identifier: string, list: readonly unknown[]): PartitionBatch[] => {
  const records = list.map((item, index) => toRecord(item, `records["${identifier}"][${index}]`));
  const [first, ...others] = records;
  if (first === undefined) return [];
  const { topic, partition } = first;
  let previous = first;
  for (const record of others) {
    if (record.topic !== topic || record.partition !== partition)
      throw malformed(
        `records["${identifier}"]`,
        `records of one topic-partition (${topic}-${partition})`,
        `${record.topic}-${record.partition}`,
      );
    // The order is what verdicts and the response stand on; Kafka gives it, so another is no Kafka event.
    if (record.offset <= previous.offset)
      throw malformed(`records["${identifier}"]`, 'in rising offset order', record.offset);
    previous = record;
  }
  return [{ identifier, topic, partition, records: [first, ...others] }];
};

const toRecord = (item: unknown, path: string): KafkaRecord => {
  if (!isObject(item)) throw malformed(path, 'an object', item);
  const { topic, partition, offset, timestamp, key, value, headers } = item;
  if (typeof topic !== 'string' || topic === '') throw malformed(`${path}.topic`, 'a text', topic);
  if (!isCount(partition)) throw malformed(`${path}.partition`, 'a whole number ≥ 0', partition);
  if (!isCount(offset)) throw malformed(`${path}.offset`, 'a whole number ≥ 0', offset);
  if (typeof timestamp !== 'number') throw malformed(`${path}.timestamp`, 'a number', timestamp);
  return {
    topic,
    partition,
    offset,
    timestamp,
    key: toBytes(key, `${path}.key`),
    value: toBytes(value, `${path}.value`),
    headers: toHeaders(headers, `${path}.headers`),
  };
};

/** A key or value that Kafka has none of is absent from the event, or null (AWS documents neither). */
const toBytes = (text: unknown, path: string): Buffer | null => {
  if (text === undefined || text === null) return null;
  if (typeof text !== 'string') throw malformed(path, 'base64 text, null or absent', text);
  return Buffer.from(text, 'base64');
};

/** Header values are arrays of Java's signed bytes; a Buffer takes them modulo 256. */
const toHeaders = (headers: unknown, path: string): Header[] => {
  if (headers === undefined || headers === null) return [];
  if (!Array.isArray(headers)) throw malformed(path, 'an array', headers);
  return headers.flatMap((header: unknown, index) => {
    if (!isObject(header)) throw malformed(`${path}[${index}]`, 'an object', header);
    return Object.entries(header).map(([name, bytes]): Header => {
      if (bytes === null) return { name, value: null };
      if (!Array.isArray(bytes)) throw malformed(`${path}[${index}]`, 'an array of bytes', bytes);
      return { name, value: Buffer.from(bytes) };
    });
  });
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Says the kind of what was given, not the thing: it may be a record's contents. */
const malformed = (path: string, rule: string, given: unknown): NotAKafkaEventError => {
  const kind = Array.isArray(given) ? 'an array' : given === null ? 'null' : typeof given;
  return new NotAKafkaEventError(
    `The event is not a Kafka event: ${path} must be ${rule} (given ${typeof given === 'number' ? given : kind}).`,
  );
};
