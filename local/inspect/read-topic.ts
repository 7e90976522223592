import { randomUUID } from 'node:crypto';
import { Admin } from '@platformatic/kafka';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { fetchedRecords } from '../event-source-mapping/fetched-records.ts';
import type { KafkaConnection } from '../event-source-mapping/kafka-connection.ts';
import type { SourceRecord } from '../event-source-mapping/record-json.ts';
import { createTopicReader } from '../event-source-mapping/topic-reader.ts';
import { rootMessage } from '../root-message.ts';
import { UserFacingError } from '../user-facing-error.ts';

const earliest = -2n;
const latest = -1n;

/**
 * Reads the last records of a topic, by partition in offset order: about as many of each partition. Joins no group and commits
 * nothing.
 * @throws {UserFacingError} where the topic cannot be read.
 */
export const readTopic = async (
  connection: KafkaConnection,
  topic: string,
  most: number,
): Promise<KafkaRecord[][]> => {
  const where = `Kafka at ${connection.bootstrapServers.join(', ')} (KAFKA_BOOTSTRAP_SERVERS)`;
  try {
    const ends = await offsets(connection, topic);
    const share = BigInt(Math.ceil(most / ends.size));
    const positions = new Map(
      [...ends].map(([partition, { begin, end }]) => [
        partition,
        end - share > begin ? end - share : begin,
      ]),
    );
    return await readUpTo(connection, topic, positions, ends);
  } catch (error) {
    if (error instanceof UserFacingError) throw error;
    throw new UserFacingError(
      `${where} cannot be read: ${rootMessage(error)}. Is it running, may this machine reach it, and does it want TLS ` +
        'or a login (KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD)?',
      { cause: error },
    );
  }
};

type Range = { readonly begin: bigint; readonly end: bigint };

const offsets = async (
  { bootstrapServers, tls, sasl }: KafkaConnection,
  topic: string,
): Promise<Map<number, Range>> => {
  const admin = new Admin({
    clientId: 'inspect',
    bootstrapBrokers: [...bootstrapServers],
    retries: 1,
    connectTimeout: 3_000,
    timeout: 10_000,
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  });
  try {
    const topics = await admin.listTopics();
    if (!topics.includes(topic)) throw new UserFacingError(noSuchTopic(topic, topics));
    const metadata = await admin.metadata({ topics: [topic] });
    const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
    const at = async (timestamp: bigint): Promise<Map<number, bigint>> => {
      const partitions = Array.from({ length: count }, (_, partitionIndex) => ({
        partitionIndex,
        timestamp,
      }));
      const [listed] = await admin.listOffsets({ topics: [{ name: topic, partitions }] });
      return new Map(
        listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]),
      );
    };
    const [begins, ends] = await Promise.all([at(earliest), at(latest)]);
    return new Map(
      [...ends].map(([partition, end]) => [partition, { begin: begins.get(partition) ?? 0n, end }]),
    );
  } finally {
    await admin.close();
  }
};

const noSuchTopic = (topic: string, topics: readonly string[]): string => {
  const known = topics.filter((name) => !name.startsWith('_'));
  const some = known.slice(0, 20).join(', ');
  return (
    `There is no topic ${topic}, and no file of that name. ` +
    (known.length === 0
      ? 'The cluster has none.'
      : `It has ${some}${known.length > 20 ? ', …' : ''}.`)
  );
};

/** Reads the records of each partition from its position up to its end. Positions that the topic no longer has are left out. */
export const readUpTo = async (
  connection: KafkaConnection,
  topic: string,
  positions: Map<number, bigint>,
  ends: ReadonlyMap<number, Range>,
): Promise<KafkaRecord[][]> => {
  const reader = createTopicReader(connection, topic, `inspect-${randomUUID()}`);
  const records = new Map<number, KafkaRecord[]>();
  const end = (partition: number): bigint => ends.get(partition)?.end ?? 0n;
  try {
    for (;;) {
      for (const [partition, position] of positions)
        if (position >= end(partition)) positions.delete(partition);
      if (positions.size === 0) break;
      const { partitions, outOfRange } = await reader.fetch(positions);
      for (const partition of outOfRange) positions.delete(partition);
      for (const response of partitions) {
        const partition = response.partitionIndex;
        const from = positions.get(partition) ?? 0n;
        const fetched = fetchedRecords(topic, response, from);
        positions.set(partition, fetched.nextOffset);
        const list = records.get(partition) ?? [];
        records.set(partition, list);
        for (const one of fetched.records)
          if (BigInt(one.offset) < end(partition)) list.push(toKafkaRecord(one));
      }
    }
  } finally {
    await reader.close();
  }
  return [...records.values()].filter((list) => list.length > 0);
};

const toKafkaRecord = ({ timestampType: _, headers, ...record }: SourceRecord): KafkaRecord => ({
  ...record,
  headers: headers.map(([name, value]) => ({ name: name?.toString() ?? '', value })),
});
