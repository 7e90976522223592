import { ArenaRecord } from '../bytes/arena-record.ts';
import { absent, Base64Arena } from '../bytes/base64-arena.ts';
import { NotAKafkaEventError } from '../pipeline/errors.ts';
import {
  type Header,
  type KafkaRecord,
  nameOf,
  type PartitionBatch,
  type ValidatedBy,
} from '../pipeline/kafka-record.ts';
import type { NonEmptyArray } from '../pipeline/stores.ts';

const eventSources: readonly unknown[] = ['aws:kafka', 'SelfManagedKafka'];

/** The names that Kafka allows for a topic. */
const topicName = /^[A-Za-z0-9._-]{1,249}$/;

/** A topic, a dash and a partition of up to ten digits. It is only repeated, in log lines and in the response. */
const partitionKey = /^[A-Za-z0-9._-]{1,260}$/;

const highestPartition = 2 ** 31 - 1;

/**
 * The topic-partitions of a Lambda Kafka event (MSK or self-managed), each in offset order. What is wrong with one record beside its
 * position is that record's matter, and it comes as malformed: the response can name it, and no other waits for it.
 * Shape: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
 * @throws {NotAKafkaEventError} where the event is not of that shape in what says which records it has, saying where.
 */
export const toPartitionBatches = (event: unknown): PartitionBatch[] => {
  if (!isObject(event) || !eventSources.includes(event['eventSource']))
    throw new NotAKafkaEventError(
      `The event is not a Kafka event: eventSource must be ${eventSources.join(' or ')}. ` +
        'Invoke this function by a Kafka event source mapping, or with an event like those in events/.',
    );
  const { records } = event;
  if (!isObject(records)) throw malformed('records', 'an object of arrays', kindOf(records));
  const arena = new Base64Arena();
  const batches = Object.entries(records).flatMap(([identifier, list]) => {
    if (!partitionKey.test(identifier))
      throw malformed(
        'each key of records',
        'a topic, a dash and a partition',
        `${identifier.length} characters`,
      );
    if (!Array.isArray(list)) throw malformed(`records["${identifier}"]`, 'an array', kindOf(list));
    return toBatch(identifier, list, arena);
  });
  const partitions = new Set<string>();
  for (const batch of batches) {
    // Two checkpoints of one partition would be written side by side.
    if (partitions.has(nameOf(batch)))
      throw malformed('records', 'one array for each topic-partition', `two of ${nameOf(batch)}`);
    partitions.add(nameOf(batch));
  }
  return batches;
};

const toBatch = (
  identifier: string,
  list: readonly unknown[],
  arena: Base64Arena,
): PartitionBatch[] => {
  const records: KafkaRecord[] = [];
  const path: Path = () => `records["${identifier}"][${records.length}]`;
  let known: string | null = null;
  for (const item of list) {
    const record = toRecord(item, path, known, arena);
    known = record.topic;
    records.push(record);
  }
  if (!isNonEmpty(records)) return [];
  const [first] = records;
  const { topic, partition } = first;
  let previous: KafkaRecord | undefined;
  for (const record of records) {
    if (record.topic !== topic || record.partition !== partition)
      throw malformed(
        `records["${identifier}"]`,
        `records of one topic-partition (${nameOf(first)})`,
        nameOf(record),
      );
    // The order is what verdicts and the response stand on; Kafka gives it, so another is no Kafka event.
    if (previous !== undefined && record.offset <= previous.offset)
      throw malformed(`records["${identifier}"]`, 'in rising offset order', record.offset);
    previous = record;
  }
  return [{ identifier, topic, partition, records }];
};

const isNonEmpty = <T>(items: readonly T[]): items is NonEmptyArray<T> => items.length > 0;

/** Tells where in the event a record is, for the sentence about a mistake: it is put together only then. */
type Path = () => string;

/**
 * @param known the name of a topic that has been checked.
 * @param arena keeps the bytes of all keys and values.
 */
const toRecord = (
  item: unknown,
  path: Path,
  known: string | null,
  arena: Base64Arena,
): KafkaRecord => {
  if (!isObject(item)) throw malformed(path(), 'an object', kindOf(item));
  const { topic, partition, offset, timestamp, key, value, valueSchemaMetadata } = item;
  if (typeof topic !== 'string' || (topic !== known && !topicName.test(topic)))
    throw malformed(`${path()}.topic`, 'the name of a Kafka topic', kindOf(topic));
  if (!isCount(partition) || partition > highestPartition)
    throw malformed(
      `${path()}.partition`,
      `a whole number, 0 to ${highestPartition}`,
      numberOrKind(partition),
    );
  if (!isCount(offset))
    throw malformed(`${path()}.offset`, 'a whole number, 0 to 2^53 − 1', numberOrKind(offset));
  arena.begin(charactersOf(key) + charactersOf(value));
  const isKey = arena.addKey(textOf(key)) && isTextOrNone(key);
  const isValue = arena.addValue(textOf(value)) && isTextOrNone(value);
  const headers = toHeaders(item['headers']);
  // How a value is read is nothing to a record that has none.
  const validatedBy = arena.end === absent ? undefined : toValidatedBy(valueSchemaMetadata);
  const time = timestamp ?? noTimestamp;
  if (
    isKey &&
    isValue &&
    typeof time === 'number' &&
    typeof headers !== 'string' &&
    typeof validatedBy !== 'string'
  )
    return new ArenaRecord(topic, partition, offset, time, headers, validatedBy, arena);
  const faults = [
    typeof time === 'number' ? '' : mustBe('timestamp', 'a number', kindOf(time)),
    isKey ? '' : mustBeBase64('key', key),
    isValue ? '' : mustBeBase64('value', value),
    typeof headers === 'string' ? headers : '',
    typeof validatedBy === 'string' ? validatedBy : '',
  ];
  return {
    topic,
    partition,
    offset,
    timestamp: typeof time === 'number' ? time : noTimestamp,
    key: isKey ? arena.key : asItCame(key),
    value: isValue ? arena.value : asItCame(value),
    headers: typeof headers === 'string' ? noHeaders : headers,
    malformed: `the record is malformed in the Kafka event: ${faults.filter(Boolean).join('; ')}`,
  };
};

/** A record of Kafka that has no timestamp has this one. */
const noTimestamp = -1;

/** A text that is not base64 is kept itself, in the row of the rejected record. */
const asItCame = (given: unknown): Buffer | null =>
  typeof given === 'string' ? Buffer.from(given) : null;

/** A key or value that Kafka has none of is absent from the event, or null (AWS documents neither). */
const isTextOrNone = (given: unknown): given is string | null | undefined =>
  typeof given === 'string' || given === undefined || given === null;

const textOf = (given: unknown): string | null => (typeof given === 'string' ? given : null);

const charactersOf = (given: unknown): number => (typeof given === 'string' ? given.length : 0);

/** Shared by all records that have none, which is most. */
const noHeaders: readonly Header[] = [];

/** @returns what is wrong with them, where they cannot be read. */
const toHeaders = (headers: unknown): readonly Header[] | string => {
  if (headers === undefined || headers === null) return noHeaders;
  if (!Array.isArray(headers)) return mustBe('headers', 'an array', kindOf(headers));
  if (headers.length === 0) return noHeaders;
  const all: Header[] = [];
  for (let index = 0; index < headers.length; index += 1) {
    const header: unknown = headers[index];
    if (!isObject(header)) return mustBe(`headers[${index}]`, 'an object', kindOf(header));
    for (const name of Object.keys(header)) {
      const bytes = header[name];
      // Kafka's names are UTF-8, which has no half of a surrogate pair.
      if (!name.isWellFormed())
        return mustBe(`each name of headers[${index}]`, 'Unicode', 'half a surrogate pair');
      if (bytes !== null && !(Array.isArray(bytes) && bytes.every(isByte)))
        return mustBe(`headers[${index}]`, 'an array of bytes', kindOf(bytes));
      all.push({ name, value: bytes === null ? null : Buffer.from(bytes) });
    }
  }
  return all;
};

/** Reads the metadata of an event source mapping with a schema registry. @returns what is wrong with it, where it cannot be read. */
const toValidatedBy = (metadata: unknown): ValidatedBy | undefined | string => {
  if (metadata === undefined || metadata === null) return undefined;
  const path = 'valueSchemaMetadata';
  if (!isObject(metadata)) return mustBe(path, 'an object, null or absent', kindOf(metadata));
  const { dataFormat, schemaId } = metadata;
  if (typeof dataFormat !== 'string')
    return mustBe(`${path}.dataFormat`, 'a text', kindOf(dataFormat));
  if (typeof schemaId !== 'string') return mustBe(`${path}.schemaId`, 'a text', kindOf(schemaId));
  return { dataFormat, schemaId };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Java's bytes are signed; a Buffer takes them modulo 256. It would make a byte of anything else, too. */
const isByte = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= -128 && value <= 255;

const kindOf = (given: unknown): string =>
  Array.isArray(given) ? 'an array' : given === null ? 'null' : typeof given;

/** Tells a number of a position; elsewhere a number may be contents of a record. */
const numberOrKind = (given: unknown): string | number =>
  typeof given === 'number' ? given : kindOf(given);

/** @param given the kind of what was given, not the thing: it may be a record's contents. */
const mustBe = (path: string, rule: string, given: string | number): string =>
  `${path} must be ${rule} (given ${given})`;

const mustBeBase64 = (path: string, given: unknown): string =>
  typeof given === 'string'
    ? `${path} is not base64`
    : mustBe(path, 'base64 text, null or absent', kindOf(given));

const malformed = (...fault: Parameters<typeof mustBe>): NotAKafkaEventError =>
  new NotAKafkaEventError(`The event is not a Kafka event: ${mustBe(...fault)}.`);
