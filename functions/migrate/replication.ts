/** The number of replicas by data centre. */
export type Replication = Readonly<Record<string, string | number>>;

/** The replication and the data centres found in a cluster. */
export interface FoundReplication {
  /** The replication from `system_schema.keyspaces`, with the strategy under `class`; null where the keyspace does not exist. */
  readonly keyspace: Readonly<Record<string, string>> | null;
  /** Every data centre of the cluster. */
  readonly dataCenters: ReadonlySet<string>;
}

const strategy = 'NetworkTopologyStrategy';

/** Writes a replication in CQL. */
export const networkTopology = (replication: Replication): string =>
  `{${[['class', strategy], ...Object.entries(replication)]
    .map(
      ([name = '', value]) =>
        `${quoted(`${name}`)}: ${name === 'class' ? quoted(`${value}`) : Number(value)}`,
    )
    .join(', ')}}`;

/**
 * Lists the differences between a keyspace's replication and the wanted one, with a remedy. A missing keyspace differs only where
 * the cluster lacks one of the data centres.
 */
export const replicationDifferences = (
  keyspace: string,
  wanted: Replication,
  { keyspace: found, dataCenters }: FoundReplication,
): string[] => {
  const unknown = Object.keys(wanted).filter((name) => !dataCenters.has(name));
  if (unknown.length > 0)
    return [
      `sink.tables.replication names ${unknown.join(', ')}, and the cluster’s data centres are ${[...dataCenters].join(', ')}: ` +
        'correct the name, or add the nodes first',
    ];
  if (found === null || isSame(found, wanted)) return [];
  return [
    `keyspace ${keyspace} has the replication ${JSON.stringify(found)} and must have ${networkTopology(wanted)}: ` +
      `ALTER KEYSPACE ${keyspace} WITH replication = ${networkTopology(wanted)}, then nodetool repair --full ${keyspace} on every ` +
      'node (in a new data centre nodetool rebuild first); or set sink.tables.replication to what is there',
  ];
};

const isSame = (
  { class: name = '', ...found }: Readonly<Record<string, string>>,
  wanted: Replication,
): boolean =>
  name.split('.').at(-1) === strategy &&
  Object.keys(found).length === Object.keys(wanted).length &&
  Object.entries(wanted).every(([dataCenter, replicas]) => found[dataCenter] === `${replicas}`);

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
