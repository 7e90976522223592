import type { KafkaConnection } from 'local-kafka-trigger';
import { earliest, latest } from 'local-kafka-trigger/kafka/topic-reader.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { listOffsets } from './list-offsets.ts';
import { withAdmin } from './with-admin.ts';

/** The offsets of a partition: of its first record, and the one after its last. */
export interface Extent {
  readonly begin: bigint;
  readonly end: bigint;
}

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
    const at = (timestamp: bigint): Promise<Map<number, bigint>> =>
      listOffsets(admin, topic, Array(partitions).keys(), timestamp);
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
