import { type Consumer, findErrorBy, type ResponseError } from '@platformatic/kafka';
import { connect, type KafkaConnection } from './connection.ts';

type FetchResponse = Awaited<ReturnType<Consumer['fetch']>>;
export type FetchResponsePartition = FetchResponse['responses'][number]['partitions'][number];
export type RecordsBatch = NonNullable<FetchResponsePartition['records']>[number];

/** The times that stand for a partition's ends, in Kafka's protocol. */
export const earliest = -2n;
export const latest = -1n;

const OFFSET_OUT_OF_RANGE = 1;

/** Reads a topic at offsets that the caller keeps. It does not know the group, and does not delay the group's requests. */
export interface TopicReader {
  /** Lists the numbers of the partitions. */
  readonly partitions: () => Promise<number[]>;
  /** Fetches records; waits a moment when there are none. */
  readonly fetch: (positions: ReadonlyMap<number, bigint>) => Promise<FetchAnswer>;
  /** Finds the offset of the first record at or after a time, in milliseconds; the end of the partition where there is none. */
  readonly offsetsAt: (partitions: readonly number[], time: bigint) => Promise<Map<number, bigint>>;
  readonly close: () => Promise<void>;
}

interface FetchAnswer {
  readonly partitions: readonly FetchResponsePartition[];
  /** The partitions whose position is not, or not yet, in the log. */
  readonly outOfRange: readonly number[];
}

export const createTopicReader = (
  connection: KafkaConnection,
  topic: string,
  groupId: string,
): TopicReader => {
  const client = connect(connection, groupId, 30_000);
  client.topics.track(topic);
  /** True after a failure: the topic may have another leader, or be another one. */
  let stale = false;
  const topicMetadata = async (forceUpdate = stale) => {
    const metadata = await client.metadata({ topics: [topic], forceUpdate });
    stale = false;
    const found = metadata.topics.get(topic);
    if (found === undefined) throw new Error(`Kafka has no topic ${topic}`);
    return found;
  };

  return {
    partitions: async () => [...Array((await topicMetadata(true)).partitionsCount).keys()],
    fetch: async (positions) => {
      // A partition that was added has no leader in older metadata.
      const known = await topicMetadata();
      const isKnown = [...positions.keys()].every((partition) => partition in known.partitions);
      const { id: topicId, partitions } = isKnown ? known : await topicMetadata(true);
      const byLeader = Map.groupBy(positions, ([partition]) => partitions[partition]?.leader ?? -1);
      const answers = await Promise.all(
        [...byLeader].map(([node, wanted]) =>
          client
            .fetch({
              node,
              minBytes: 1,
              maxWaitTime: 100,
              maxBytes: 8 * 1024 * 1024,
              topics: [
                {
                  topicId,
                  partitions: wanted.map(([partition, fetchOffset]) => ({
                    partition,
                    fetchOffset,
                    currentLeaderEpoch: -1,
                    lastFetchedEpoch: -1,
                    partitionMaxBytes: 1024 * 1024,
                  })),
                },
              ],
            })
            .then(({ responses }) => responses, outOfRangeResponses)
            .catch((error: unknown) => {
              stale = true;
              throw error;
            }),
        ),
      );
      const all = answers.flat().flatMap((response) => response.partitions);
      return {
        // A broker may still answer for partitions of the fetch session that were not requested.
        partitions: all.filter(
          ({ partitionIndex, errorCode }) => errorCode === 0 && positions.has(partitionIndex),
        ),
        outOfRange: all
          .filter(({ errorCode }) => errorCode === OFFSET_OUT_OF_RANGE)
          .map(({ partitionIndex }) => partitionIndex),
      };
    },
    offsetsAt: async (partitions, time) => {
      const at = async (timestamp: bigint): Promise<readonly bigint[]> => {
        const offsets = await client.listOffsets({
          topics: [topic],
          partitions: { [topic]: [...partitions] },
          timestamp,
        });
        return offsets.get(topic) ?? [];
      };
      const found = await at(time);
      // Kafka answers −1 where no record is so young.
      const ends = partitions.some((p) => (found[p] ?? 0n) < 0n) ? await at(latest) : found;
      return new Map(
        partitions.map((p) => [p, ((found[p] ?? 0n) < 0n ? ends[p] : found[p]) ?? 0n]),
      );
    },
    close: () => client.close(true),
  };
};

/**
 * Converts an out-of-range error to a response by partition; the client turns an error of one partition into an error of the
 * fetch.
 */
const outOfRangeResponses = (error: Error): FetchResponse['responses'] => {
  if (findErrorBy(error, 'apiId', 'OFFSET_OUT_OF_RANGE') === null) throw error;
  const response = (error as ResponseError)['response'] as FetchResponse | undefined;
  if (response === undefined) throw error;
  return response.responses;
};
