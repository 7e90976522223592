import type { ConsumerGroupJoinPayload } from '@platformatic/kafka';
import { connect, type KafkaConnection } from './connection.ts';

export type Assignment = Pick<ConsumerGroupJoinPayload, 'memberId' | 'generationId'> & {
  readonly partitions: readonly number[];
};

/** The membership of a consumer group. */
export interface GroupMembership {
  readonly commit: (offsets: ReadonlyMap<number, number>) => Promise<void>;
  /** Reads the committed offsets of any partitions; `null` where the group has committed nothing. */
  readonly committed: (partitions: readonly number[]) => Promise<Map<number, bigint | null>>;
  readonly leave: () => Promise<void>;
}

/**
 * Joins a consumer group for one topic and stays in it, through rebalances and lost sessions, until it leaves.
 * @param metadataMaxAgeMs the milliseconds within which partitions that are added to the topic are shared out.
 * @param onAssigned called with every assignment; the first call comes before the promise resolves.
 */
export const joinGroup = async (
  connection: KafkaConnection,
  topic: string,
  groupId: string,
  metadataMaxAgeMs: number,
  onAssigned: (assignment: Assignment) => void,
  onError: (error: Error) => void,
): Promise<GroupMembership> => {
  // Metadata may be old here: a group needs little of it, and a commit that waits for new metadata may outlive its generation.
  const client = connect(connection, groupId, 300_000);
  client.topics.track(topic);
  let left = false;

  client.on('consumer:group:join', ({ memberId, generationId, assignments }) => {
    const partitions = assignments?.find((assignment) => assignment.topic === topic)?.partitions;
    onAssigned({
      memberId,
      ...(generationId !== undefined && { generationId }),
      partitions: partitions ?? [],
    });
  });

  let joining: Promise<void> | undefined;
  const join = async (): Promise<void> => {
    for (let attempt = 1; !left; attempt += 1) {
      try {
        await client.joinGroup({});
        return;
      } catch (error) {
        onError(error as Error);
        await new Promise((resolve) => setTimeout(resolve, Math.min(100 * attempt, 1000)));
      }
    }
  };
  const rejoin = (): void => {
    joining ??= join().finally(() => {
      joining = undefined;
    });
  };
  // The client stops its heartbeats when a rejoin fails, and reports it here.
  client.on('error', (error: Error) => {
    onError(error);
    rejoin();
  });

  const partitionsCount = async (forceUpdate: boolean): Promise<number> => {
    const { topics } = await client.metadata({ topics: [topic], forceUpdate });
    return topics.get(topic)?.partitionsCount ?? 0;
  };
  await join();
  // The leader shares out the partitions that it saw when it joined.
  let shared = await partitionsCount(false).catch(() => 0);
  const watching = setInterval(async () => {
    try {
      const count = await partitionsCount(true);
      if (count > shared) rejoin();
      shared = count;
    } catch (error) {
      onError(error as Error);
    }
  }, metadataMaxAgeMs);
  return {
    commit: (offsets) =>
      client.commit({
        offsets: [...offsets].map(([partition, offset]) => ({
          topic,
          partition,
          offset: BigInt(offset),
          leaderEpoch: -1,
        })),
      }),
    committed: async (partitions) => {
      const offsets = await client.listCommittedOffsets({
        topics: [{ topic, partitions: [...partitions] }],
      });
      return new Map(
        partitions.map((partition) => {
          const offset = offsets.get(topic)?.[partition] ?? -1n;
          return [partition, offset < 0n ? null : offset];
        }),
      );
    },
    leave: async () => {
      left = true;
      clearInterval(watching);
      await joining;
      await client.close(true);
    },
  };
};
