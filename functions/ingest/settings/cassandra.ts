import {
  type Checked,
  certificateOrNull,
  type Findings,
  matching,
  oneOf,
  onOrOff,
  orNull,
  secretOrNull,
  type Variables,
  wholeNumber,
} from './variable.ts';

/** A keyspace's name as Cassandra takes it without quotes. */
export const keyspaceName = matching(
  '1 to 48 letters, digits and _, beginning with a letter',
  /^[A-Za-z][A-Za-z0-9_]{0,47}$/,
);

/** A data centre's name. */
export const dataCenterName = matching('a name', /^[A-Za-z0-9_.-]{1,100}$/);

/** The choice of who encodes a batch of rows: the function itself, or the driver's public interface. */
export const batchEncoders = ['frames', 'driver'] as const;

const contactPoint = /^(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/;

const isContactPoint = (text: string): boolean => {
  const match = contactPoint.exec(text);
  return match !== null && (match[1] === undefined || (+match[1] >= 1 && +match[1] <= 65_535));
};

/** The variables that say where the database is, how to log in, and how large a batch is. */
export const cassandraVariables = {
  CASSANDRA_CONTACT_POINTS: {
    setting: 'contactPoints',
    meaning:
      'the nodes that the driver asks first; port 9142 on Keyspaces and 9042 elsewhere, unless given; all other nodes have the first one’s port',
    rule: 'comma-separated `host` or `host:port`',
    fallback: null,
    parse: (text: string): readonly string[] | undefined => {
      const points = text.split(',').map((part) => part.trim());
      return points.every(isContactPoint) ? points : undefined;
    },
  },
  CASSANDRA_LOCAL_DATACENTER: {
    setting: 'localDataCenter',
    meaning: 'the data centre that rows are written to (LOCAL_QUORUM); the region on Keyspaces',
    fallback: null,
    ...dataCenterName,
  },
  CASSANDRA_KEYSPACE: {
    setting: 'keyspace',
    meaning: 'the keyspace of the tables',
    fallback: null,
    ...keyspaceName,
  },
  CASSANDRA_TLS: {
    setting: 'tls',
    meaning: 'encrypt the connection, and verify the server’s certificate',
    fallback: 'on',
    ...onOrOff,
  },
  CASSANDRA_CA: {
    setting: 'ca',
    meaning: 'the authority that signed the servers’ certificates, if it is not a public one',
    fallback: '',
    ...certificateOrNull,
    isWithheld: true,
  },
  CASSANDRA_AUTH: {
    setting: 'auth',
    meaning:
      'how to log in: `password` reads a secret, `sigv4` signs with the function’s role (Keyspaces)',
    fallback: 'none',
    ...oneOf('none', 'password', 'sigv4'),
  },
  CASSANDRA_SECRET_ARN: {
    setting: 'secretArn',
    meaning: 'the Secrets Manager secret `{"username":…,"password":…}` for `password`',
    fallback: '',
    ...secretOrNull('`password`'),
    isWithheld: true,
  },
  CASSANDRA_BATCHES: {
    setting: 'batches',
    meaning:
      'who encodes a batch: the function itself, by private parts of the driver (`frames`), or the driver’s public `batch`, which is slower (`driver`)',
    fallback: 'frames',
    ...oneOf(...batchEncoders),
  },
  CASSANDRA_BATCH_PARTITIONS: {
    setting: 'batchPartitions',
    meaning:
      'partitions in one unlogged batch; empty: as many as every node takes without a warning (its `unlogged_batch_across_partitions_warn_threshold`), 10 where the nodes do not tell; not used on Keyspaces',
    fallback: '',
    ...orNull(wholeNumber(1, 100)),
  },
  CASSANDRA_BATCH_KIB: {
    setting: 'batchKibibytes',
    meaning:
      'KiB in one unlogged batch over several partitions; empty: as many as every node takes without a warning (its `batch_size_warn_threshold`), 5 where the nodes do not tell; not used on Keyspaces',
    fallback: '',
    ...orNull(wholeNumber(1, 1_024)),
  },
} as const satisfies Variables;

/** Checks that the settings of the database fit together. */
export const cassandraFindings = ({
  auth,
  secretArn,
  tls,
  ca,
}: Checked<typeof cassandraVariables>): Findings => [
  auth === 'password' &&
    secretArn === null &&
    'CASSANDRA_SECRET_ARN must be given when CASSANDRA_AUTH is `password` (not given)',
  (auth === 'none' || auth === 'sigv4') &&
    typeof secretArn === 'string' &&
    `CASSANDRA_AUTH must be \`password\` when CASSANDRA_SECRET_ARN is given (given "${auth}")`,
  auth === 'sigv4' &&
    tls === false &&
    'CASSANDRA_TLS must be `on` when CASSANDRA_AUTH is `sigv4` (given "off")',
  typeof ca === 'string' &&
    tls === false &&
    'CASSANDRA_CA must be empty when CASSANDRA_TLS is `off` (it would do nothing)',
];
