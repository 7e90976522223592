import type { Client } from 'cassandra-driver';

/** The largest batch that no node of a cluster warns of or refuses. */
export interface ServerLimits {
  readonly partitions: number;
  /** Bytes of a batch over several partitions, as the server counts them. */
  readonly bytes: number;
}

/** Milliseconds for all nodes: with the connect it must leave some of the 10 s that Lambda gives a function to start. */
const timeoutMs = 2_000;

/** The settings of a node that bound a batch. Cassandra 4.0 has those that count bytes under a name that ends in the unit. */
const partitionNames = ['unlogged_batch_across_partitions_warn_threshold'];
const byteNames = ['batch_size_warn_threshold', 'batch_size_fail_threshold'];
const kibibyteNames = byteNames.map((name) => `${name}_in_kb`);

const query =
  'SELECT name, value FROM system_views.settings WHERE name IN ' +
  `(${[...partitionNames, ...byteNames, ...kibibyteNames].map((name) => `'${name}'`).join(', ')})`;

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
  const values = (names: readonly string[], unit: number): number[] =>
    names.flatMap((name) => bytesOf(settings.get(name), unit) ?? []);
  const partitions = values(partitionNames, 1);
  const bytes = [...values(byteNames, 1), ...values(kibibyteNames, 1_024)];
  if (partitions.length !== partitionNames.length || bytes.length !== byteNames.length) return null;
  return { partitions: Math.min(...partitions), bytes: Math.min(...bytes) };
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
