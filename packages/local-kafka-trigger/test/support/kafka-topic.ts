import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Admin, type MessageToProduce, Producer } from '@platformatic/kafka';
import { testBrokers } from './brokers.ts';

/** A topic for one test, with the name of a consumer group. */
export interface KafkaTopic {
  readonly name: string;
  readonly group: string;
  readonly bootstrapServers: readonly string[];
  /** Appends records to the topic. */
  readonly produce: (messages: readonly Omit<MessageToProduce, 'topic'>[]) => Promise<void>;
  /** Appends records in one transaction, and aborts it. */
  readonly produceAndAbort: (messages: readonly Omit<MessageToProduce, 'topic'>[]) => Promise<void>;
  /** Gives the offset of the next record, by partition. */
  readonly endOffsets: () => Promise<Map<number, bigint>>;
  /** Gives the committed offsets of the group by partition; absent without one. */
  readonly committed: () => Promise<Map<number, number>>;
  /** Sets the committed offset of the group, which must have no members. */
  readonly commit: (partition: number, offset: number) => Promise<void>;
  /** Adds partitions, up to so many. */
  readonly grow: (partitions: number) => Promise<void>;
  /** Deletes the topic, and makes another of its name. */
  readonly remake: () => Promise<void>;
  /** Deletes the records below an offset, as retention does. */
  readonly deleteBelow: (partition: number, offset: number) => Promise<void>;
}

const readyWithinMs = 10_000;
const lookEveryMs = 50;

/** Creates a topic that is ready for records. @param t a test, or what else says when it is over. */
export const createTopic = async (
  t: { readonly after: (close: () => Promise<void>) => void },
  partitionsAtFirst: number,
): Promise<KafkaTopic> => {
  const bootstrapServers = testBrokers();
  const name = `test-${randomUUID()}`;
  const group = `group-${randomUUID()}`;
  const client = { clientId: 'test', bootstrapBrokers: bootstrapServers };
  const admin = new Admin(client);
  // A retried request must not append its records twice.
  const producer = new Producer({ ...client, idempotent: true });
  t.after(async () => {
    await producer.close();
    await admin.close();
  });
  let partitions = partitionsAtFirst;
  const endOffsets = async (): Promise<Map<number, bigint>> => {
    const [topic] = await admin.listOffsets({
      topics: [
        {
          name,
          partitions: Array.from({ length: partitions }, (_, partitionIndex) => ({
            partitionIndex,
            timestamp: -1n,
          })),
        },
      ],
    });
    return new Map(topic?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
  };
  /** Does what a broker may refuse for a moment. */
  const soon = async (action: () => Promise<unknown>): Promise<void> => {
    const deadline = Date.now() + readyWithinMs;
    for (let done = false; !done; )
      done = await action().then(
        () => true,
        async (error) => {
          if (Date.now() > deadline) throw error;
          await delay(lookEveryMs);
          return false;
        },
      );
  };
  const make = async (): Promise<void> => {
    // A topic that was deleted goes a moment later.
    await soon(() => admin.createTopics({ topics: [name], partitions, replicas: 1 }));
    // A broker that is busy serves the partitions of a topic a moment after it has made the topic.
    await soon(endOffsets);
  };
  await make();

  return {
    name,
    group,
    bootstrapServers,
    produce: async (messages) => {
      await producer.send({ messages: messages.map((message) => ({ ...message, topic: name })) });
    },
    produceAndAbort: async (messages) => {
      const transactional = new Producer({
        ...client,
        transactionalId: randomUUID(),
        idempotent: true,
      });
      try {
        const transaction = await transactional.beginTransaction();
        await transaction.send({
          messages: messages.map((message) => ({ ...message, topic: name })),
        });
        await transaction.abort();
      } finally {
        await transactional.close();
      }
    },
    endOffsets,
    committed: async () => {
      const [found] = await admin.listConsumerGroupOffsets({ groups: [group] });
      const ours = found?.topics.find((topic) => topic.name === name)?.partitions ?? [];
      return new Map(
        ours
          .filter(({ committedOffset }) => committedOffset >= 0n)
          .map(({ partitionIndex, committedOffset }) => [partitionIndex, Number(committedOffset)]),
      );
    },
    commit: (partition, offset) =>
      admin.alterConsumerGroupOffsets({
        groupId: group,
        topics: [{ name, partitionOffsets: [{ partition, offset: BigInt(offset) }] }],
      }),
    grow: async (count) => {
      const { brokers } = await admin.metadata({ topics: [name] });
      // The client cannot leave the brokers to Kafka.
      const assignments = Array.from({ length: count - partitions }, () => ({
        brokerIds: [...brokers.keys()].slice(0, 1),
      }));
      await admin.createPartitions({ topics: [{ name, count, assignments }] });
      partitions = count;
      await soon(endOffsets);
      await producer.metadata({ topics: [name], forceUpdate: true });
    },
    remake: async () => {
      await admin.deleteTopics({ topics: [name] });
      await make();
    },
    deleteBelow: async (partition, offset) => {
      await admin.deleteRecords({
        topics: [{ name, partitions: [{ partition, offset: BigInt(offset) }] }],
      });
    },
  };
};
