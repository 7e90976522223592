import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { Admin, type MessageToProduce, Producer } from '@platformatic/kafka';
import { testEnvironment } from './test-environment.ts';

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
  /** Deletes the records below an offset, as retention does. */
  readonly deleteBelow: (partition: number, offset: number) => Promise<void>;
}

export const createTopic = async (t: TestContext, partitions: number): Promise<KafkaTopic> => {
  const { bootstrapServers } = testEnvironment();
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
  await admin.createTopics({ topics: [name], partitions, replicas: 1 });

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
    endOffsets: async () => {
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
      return new Map(
        topic?.partitions.map(({ partitionIndex, offset }) => [partitionIndex, offset]),
      );
    },
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
    deleteBelow: async (partition, offset) => {
      await admin.deleteRecords({
        topics: [{ name, partitions: [{ partition, offset: BigInt(offset) }] }],
      });
    },
  };
};
