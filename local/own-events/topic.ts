import { findErrorBy } from '@platformatic/kafka';
import type { KafkaConnection } from 'local-kafka-trigger';
import type { Extent } from '../../cli/kafka/topic-extents.ts';
import { withAdmin } from '../../cli/kafka/with-admin.ts';
import { ready } from '../dataset/topic.ts';

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
