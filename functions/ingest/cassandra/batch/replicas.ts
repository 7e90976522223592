import type { Client } from 'cassandra-driver';

/** Names of nodes, by the array of them that the driver keeps for each range of the ring. */
const names = new WeakMap<object, string>();

/**
 * Names the nodes that have a partition, so that rows of the same nodes go in one request, which the driver sends to one of them.
 * Null where that makes no difference: all nodes have all rows, or the driver does not know the ring (Amazon Keyspaces).
 */
export const replicasOf = (client: Client, keyspace: string, routingKey: Buffer): string | null => {
  // Its declaration does not say that it is null without a ring.
  const replicas: readonly { readonly address: string }[] | null = client.getReplicas(
    keyspace,
    routingKey,
  );
  if (replicas === null || replicas.length >= client.hosts.length) return null;
  let name = names.get(replicas);
  if (name === undefined) {
    name = replicas
      .map(({ address }) => address)
      .toSorted()
      .join();
    names.set(replicas, name);
  }
  return name;
};
