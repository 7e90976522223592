import type { Servers } from './open-servers.ts';

/** What another terminal needs to reach this program's servers and rows. */
export interface HandOver {
  readonly servers: Pick<
    Servers,
    'bootstrapServers' | 'cassandra' | 'externalCassandra' | 'externalKafka'
  >;
  readonly keyspace: string;
}

const widest = 80;

/**
 * Writes the shell's lines that set, in another terminal, every variable that it does not have yet: those of the servers that were
 * started here, and the keyspace.
 */
export const exportLines = ({ servers, keyspace }: HandOver): string[] => {
  const variables = {
    ...(servers.externalKafka === true
      ? {}
      : { KAFKA_BOOTSTRAP_SERVERS: servers.bootstrapServers.join(',') }),
    ...(servers.externalCassandra ? {} : servers.cassandra),
    CASSANDRA_KEYSPACE: keyspace,
  };
  const lines: string[] = [];
  for (const [name, value] of Object.entries(variables)) {
    const setting = `${name}=${quoted(value)}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + setting.length <= widest - indent.length)
      lines[lines.length - 1] = `${last} ${setting}`;
    else lines.push(`export ${setting}`);
  }
  return lines;
};

const indent = '  ';

const quoted = (text: string): string =>
  /^[\w.,:/+=@%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** Writes the line for cqlsh, which `pip install cqlsh` brings; none for a Cassandra of one's own, whose login is not known here. */
export const cqlshLines = ({ servers, keyspace }: HandOver): string[] => {
  if (servers.externalCassandra) return [];
  const [host, port] = (servers.cassandra.CASSANDRA_CONTACT_POINTS.split(',')[0] ?? '').split(':');
  return [`cqlsh ${host} ${port} -k ${keyspace}  # from pip install cqlsh`];
};

/** Writes what a person does next in another terminal. @param next the commands after the variables. */
export const handOver = (given: HandOver, next: readonly string[]): string =>
  ['In another terminal:', ...[...exportLines(given), ...next].map((line) => indent + line)].join(
    '\n',
  );

/** Writes the command that shows rows of a keyspace. */
export const lookAt = (keyspace: string): string =>
  `npm run cql -- ${keyspace === defaultKeyspace ? '' : `--keyspace ${keyspace} `}"SELECT * FROM user_events LIMIT 5"`;

/** The keyspace of the commands that are not given another. */
export const defaultKeyspace = 'user_events';
