import * as z from 'zod';
import {
  batchEncoders,
  dataCenterName,
  keyspaceName,
} from '../../functions/ingest/settings/cassandra.ts';
import { contactPoint } from './addresses.ts';
import {
  flag,
  keyArn,
  oneKindOf,
  oneOf,
  secretArn,
  settings,
  text,
  texts,
  wholeNumber,
} from './rules.ts';

const keyspace = (must: string, pattern: RegExp) =>
  text('the keyspace of the tables', must, pattern);

const login = (meaning: string) =>
  settings({
    secretArn: secretArn(meaning),
    secretKeyArn: keyArn(
      'the key that the secret is encrypted with, if it is not AWS’s own',
    ).optional(),
  }).optional();

/** The settings that the tables of both kinds of databases have. */
const tables = {
  create: flag(
    'make the tables, or check those that exist; false: leave the tables to others',
  ).default(true),
  userEventsTtlDays: wholeNumber(
    'days that user events are kept; if left out, for ever',
    1,
    7300,
  ).optional(),
};

const capacityUnits = (what: string) =>
  settings({
    minimum: wholeNumber(`${what} capacity units at least`, 1, 40_000),
    maximum: wholeNumber(`${what} capacity units at most`, 1, 40_000),
    targetPercent: wholeNumber(
      'the percentage of the units in use at which the table grows or shrinks',
      20,
      90,
    ).default(70),
  });

/** The settings that the batches of both kinds of databases have. */
const batches = {
  encoder: oneOf(
    'who encodes a batch: the function itself, by private parts of the driver (frames), or the driver’s public `batch`, which is slower (driver)',
    batchEncoders,
  ).default('frames'),
};

const keyspaces = settings({
  kind: oneOf('Amazon Keyspaces, in the stack’s region', ['keyspaces']),
  // CloudFormation and IAM take the name as it stands; CQL without quotes takes it in lower case.
  keyspace: keyspace(
    '2 to 48 small letters, digits and _, beginning with a letter: to Amazon Keyspaces a name with a capital is another keyspace',
    /^[a-z][a-z0-9_]{1,47}$/,
  ),
  login: login(
    'the secret of service-specific credentials `{"username":…,"password":…}`; without a login, the function’s role signs',
  ),
  batches: settings(batches).prefault({}),
  tables: settings({
    ...tables,
    capacity: z
      .union(
        [
          oneOf('pay for each request', ['on-demand']),
          settings({ read: capacityUnits('read'), write: capacityUnits('write') }),
        ],
        {
          error: ({ input }) =>
            `must be on-demand, or an object with read and write (given ${JSON.stringify(input)})`,
        },
      )
      .default('on-demand'),
    pointInTimeRecovery: flag(
      'keep the changes of user_events and rejected_events for 35 days, to restore the tables from',
    ).default(true),
  }).prefault({}),
});

const replicationRule =
  'an object of data centres (letters, digits and _.-) with whole numbers, 1 to 9';

const cassandra = settings({
  kind: oneOf('Apache Cassandra, or another database that speaks its protocol', ['cassandra']),
  keyspace: keyspace(keyspaceName.rule, keyspaceName.pattern),
  contactPoints: texts(
    'the nodes that the driver asks first',
    'host or host:port, the port 1 to 65535',
    contactPoint,
    10,
  ),
  localDataCenter: text(
    'the data centre that rows are written to',
    dataCenterName.rule,
    dataCenterName.pattern,
  ),
  tls: flag('encrypt the connection, and verify the nodes’ certificates').default(true),
  caFile: text(
    'the authority that signed the nodes’ certificates, if it is not a public one',
    'the path of a PEM file',
    /./,
  ).optional(),
  login: login('the secret `{"username":…,"password":…}`; if left out, there is no login'),
  batches: settings({
    ...batches,
    partitions: wholeNumber(
      'partitions in one batch; if left out, as many as every node takes without a warning (unlogged_batch_across_partitions_warn_threshold)',
      1,
      100,
    ).optional(),
    kib: wholeNumber(
      'KiB in one batch over several partitions; if left out, as many as every node takes without a warning (batch_size_warn_threshold)',
      1,
      1024,
    ).optional(),
  }).prefault({}),
  tables: settings({
    ...tables,
    replication: z
      .record(z.string().regex(dataCenterName.pattern), wholeNumber('replicas', 1, 9), {
        error: ({ input }) => `must be ${replicationRule} (given ${JSON.stringify(input)})`,
      })
      .meta({
        description:
          'replicas in each data centre, to make the keyspace with; a keyspace that exists must have the same; if left out, the keyspace must exist',
        rule: replicationRule,
      })
      .optional(),
  }).prefault({}),
});

export const sink = oneKindOf('kind', ['keyspaces', 'cassandra'], [keyspaces, cassandra]);

export type Sink = z.output<typeof sink>;
export type KeyspacesSink = z.output<typeof keyspaces>;
export type CassandraSink = z.output<typeof cassandra>;
