import { Admin } from '@platformatic/kafka';

/** An admin client that says whether a group has committed a topic to its end. */
export interface Commits extends AsyncDisposable {
  /** @param ends the offset after the last record, by partition. */
  reached(ends: readonly number[]): Promise<boolean>;
}

export const openCommits = (
  bootstrapServers: readonly string[],
  consumerGroup: string,
): Commits => {
  const admin = new Admin({ clientId: 'peers', bootstrapBrokers: [...bootstrapServers] });
  return {
    async reached(ends) {
      const [group] = await admin
        .listConsumerGroupOffsets({ groups: [consumerGroup] })
        // The group does not exist before the peer has joined it.
        .catch(() => []);
      const committed = new Map(
        group?.topics.flatMap(({ partitions }) =>
          partitions.map(({ partitionIndex, committedOffset }) => [
            partitionIndex,
            Number(committedOffset),
          ]),
        ),
      );
      return ends.every((end, partition) => (committed.get(partition) ?? 0) >= end);
    },
    [Symbol.asyncDispose]: () => admin.close(),
  };
};
