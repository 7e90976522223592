import type { Client } from 'cassandra-driver';

/** The largest batch that no node of a cluster warns of or refuses. */
export interface ServerLimits {
  readonly partitions: number;
  /** Bytes of a batch over several partitions, as the server counts them. */
  readonly bytes: number;
}

/** Milliseconds for all nodes: with the connect it must leave some of the 10 s that Lambda gives a function to start. */
const timeoutMs = 2_000;

const partitionsName = 'unlogged_batch_across_partitions_warn_threshold';
const byteNames = ['batch_size_warn_threshold', 'batch_size_fail_threshold'];

/** The name by which Cassandra 4.0 has a threshold of bytes; later versions have both. */
const inKibibytes = (name: string): string => `${name}_in_kb`;

const query =
  'SELECT name, value FROM system_views.settings WHERE name IN ' +
  `(${[partitionsName, ...byteNames, ...byteNames.map(inKibibytes)].map((name) => `'${name}'`).join(', ')})`;

/**
 * Asks every connected node for the settings that bound a batch: a node answers for itself alone, and the smallest counts.
 * @returns null where a node does not tell them in time, or tells them in a way that is not known here. Never throws.
 */
export const readServerLimits = async (client: Client): Promise<ServerLimits | null> => {
  const { promise: timeout, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, timeoutMs, null);
  const ask = client
    .getState()
    .getConnectedHosts()
    .map(async (host) => {
      const { rows } = await client.execute(query, [], { host, prepare: false });
      return limitsOf(new Map(rows.map(({ name, value }) => [name, value])));
    });
  try {
    const nodes = await Promise.race([Promise.all(ask), timeout]);
    return nodes === null ? null : smallest(nodes);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};

/** Reads the limits of one node from its settings; null where one of them is missing or is no number above zero. */
export const limitsOf = (settings: ReadonlyMap<string, string | null>): ServerLimits | null => {
  const partitions = bytesOf(settings.get(partitionsName), 1);
  const bytes = byteNames.map((name) =>
    settings.has(name)
      ? bytesOf(settings.get(name), 1)
      : bytesOf(settings.get(inKibibytes(name)), 1_024),
  );
  const known = bytes.filter((value) => value !== undefined);
  if (partitions === undefined || known.length < bytes.length) return null;
  return { partitions, bytes: Math.min(...known) };
};

const units: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** Reads a size like `5KiB`, or a number in a unit of its own. */
const bytesOf = (text: string | null | undefined, unit: number): number | undefined => {
  const [, digits, suffix] = /^(\d{1,12})([KMG]iB|B)?$/.exec(text ?? '') ?? [];
  const value = Number(digits) * (suffix === undefined ? unit : (units[suffix] ?? Number.NaN));
  return value > 0 ? value : undefined;
};

const smallest = (nodes: readonly (ServerLimits | null)[]): ServerLimits | null => {
  const known = nodes.filter((node) => node !== null);
  if (known.length === 0 || known.length < nodes.length) return null;
  return {
    partitions: Math.min(...known.map(({ partitions }) => partitions)),
    bytes: Math.min(...known.map(({ bytes }) => bytes)),
  };
};
