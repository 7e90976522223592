import { Admin, findErrorBy } from '@platformatic/kafka';
import { ready } from '../dataset/topic.ts';
import type { KafkaConnection } from '../event-source-mapping/kafka-connection.ts';
import { rootMessage } from '../root-message.ts';
import { UserFacingError } from '../user-facing-error.ts';

/** Uses an administrator's client of the brokers. @throws {UserFacingError} where they cannot be reached, or refuse. */
export const withAdmin = async <T>(
  { bootstrapServers, tls, sasl }: KafkaConnection,
  use: (admin: Admin) => Promise<T>,
  { retries = 2 } = {},
): Promise<T> => {
  const admin = new Admin({
    clientId: 'user-events',
    bootstrapBrokers: [...bootstrapServers],
    retries,
    connectTimeout: 3_000,
    timeout: 10_000,
    ...(tls && { tls }),
    ...(sasl && { sasl }),
  });
  try {
    return await use(admin);
  } catch (error) {
    if (error instanceof UserFacingError) throw error;
    throw new UserFacingError(
      `Kafka at ${bootstrapServers.join(', ')} (KAFKA_BOOTSTRAP_SERVERS) cannot be used: ${rootMessage(error)}. Is it running, ` +
        'may this machine reach it, and does it want TLS or a login (KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD)?',
      { cause: error },
    );
  } finally {
    await admin.close();
  }
};

/**
 * Makes a topic with the brokers' own settings, where there is none of the name.
 * @returns true where it was made.
 */
export const ensureTopic = (
  connection: KafkaConnection,
  name: string,
  partitions: number,
): Promise<boolean> =>
  withAdmin(connection, async (admin) => {
    if ((await admin.listTopics()).includes(name)) return false;
    try {
      // -1 stands for the brokers' default.
      await admin.createTopics({ topics: [name], partitions, replicas: -1 });
      await ready(admin, name, partitions);
      return true;
    } catch (error) {
      // Another program has made it since it was looked for.
      if (findErrorBy(error as Error, 'apiId', 'TOPIC_ALREADY_EXISTS') !== null) return false;
      throw error;
    }
  });

/** The offsets of a partition: of its first record, and the one after its last. */
interface Extent {
  readonly begin: bigint;
  readonly end: bigint;
}

const earliest = -2n;
const latest = -1n;

/**
 * Reads the extent of each partition of a topic.
 * @throws {UserFacingError} where there is no such topic.
 */
export const topicExtents = (
  connection: KafkaConnection,
  topic: string,
): Promise<Map<number, Extent>> =>
  withAdmin(connection, async (admin) => {
    const topics = await admin.listTopics();
    if (!topics.includes(topic)) throw new UserFacingError(noSuchTopic(topic, topics));
    const metadata = await admin.metadata({ topics: [topic] });
    const partitions = metadata.topics.get(topic)?.partitionsCount ?? 0;
    const at = async (timestamp: bigint): Promise<Map<number, bigint>> => {
      const [listed] = await admin.listOffsets({
        topics: [
          {
            name: topic,
            partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
              partitionIndex,
              timestamp,
            })),
          },
        ],
      });
      return new Map(
        listed?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]),
      );
    };
    const [begins, ends] = [await at(earliest), await at(latest)];
    return new Map(
      [...ends].map(([partition, end]) => [partition, { begin: begins.get(partition) ?? 0n, end }]),
    );
  });

const mostNamed = 20;

const noSuchTopic = (topic: string, topics: readonly string[]): string => {
  const known = topics.filter((name) => !name.startsWith('_'));
  const named = known.slice(0, mostNamed).join(', ');
  const has =
    known.length === 0
      ? 'The cluster has none.'
      : `It has ${named}${known.length > mostNamed ? ', …' : ''}.`;
  return `There is no topic ${topic}. ${has} \`npm run produce\` makes a topic.`;
};

/** Where a consumer group begins to read the partitions in which it has committed nothing. */
export type From = 'earliest' | 'latest';

/** What is found of a group before it reads a topic. */
export interface GroupStart {
  /** The partitions in which the group goes on where it stopped. */
  readonly resumed: number;
  /** The partitions that end before the group's offset, so that it begins anew: the topic was made again. */
  readonly anew: readonly number[];
}

/**
 * Places a group without members at its start: at the end of the partitions in which it has committed nothing, for `latest`; and at the
 * beginning of those that end before its offset. Elsewhere it goes on where it stopped.
 */
export const placeGroup = (
  connection: KafkaConnection,
  topic: string,
  group: string,
  from: From,
  extents: ReadonlyMap<number, Extent>,
): Promise<GroupStart> =>
  withAdmin(connection, async (admin) => {
    const partitionIndexes = [...extents.keys()];
    const [listed] = await admin.listConsumerGroupOffsets({
      groups: [{ groupId: group, topics: [{ name: topic, partitionIndexes }] }],
    });
    const committed = new Map(
      listed?.topics
        .find(({ name }) => name === topic)
        ?.partitions.filter(({ committedOffset }) => committedOffset >= 0n)
        .map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
    );
    const anew: number[] = [];
    const partitionOffsets = [...extents].flatMap(([partition, { begin, end }]) => {
      const offset = committed.get(partition);
      if (offset === undefined) return from === 'latest' ? [{ partition, offset: end }] : [];
      if (offset <= end) return [];
      anew.push(partition);
      return [{ partition, offset: begin }];
    });
    if (partitionOffsets.length > 0)
      await admin.alterConsumerGroupOffsets({
        groupId: group,
        topics: [{ name: topic, partitionOffsets }],
      });
    return { resumed: committed.size - anew.length, anew };
  });

/** Deletes a group without members. */
export const deleteGroup = (connection: KafkaConnection, group: string): Promise<void> =>
  withAdmin(connection, (admin) => admin.deleteGroups({ groups: [group] }));
