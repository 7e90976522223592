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
  text('the keyspace of the three tables', must, pattern);

const login = (meaning: string) =>
  settings({
    secretArn: secretArn(meaning),
    secretKeyArn: keyArn(
      'the key that the secret is encrypted with, if it is not AWS’s own',
    ).optional(),
  }).optional();

/** Common to both kinds of tables. */
const tables = {
  create: flag(
    'make the keyspace’s tables, or check those that are there; false: leave them alone',
  ).default(true),
  userEventsTtlDays: wholeNumber(
    'days that user events are kept; not given: for ever',
    1,
    7300,
  ).optional(),
};

const capacityUnits = (what: string) =>
  settings({
    minimum: wholeNumber(`${what} capacity units at least`, 1, 40_000),
    maximum: wholeNumber(`${what} capacity units at most`, 1, 40_000),
    targetPercent: wholeNumber('the use of them that is aimed at', 20, 90).default(70),
  });

/** Common to both kinds of batches. */
const batches = {
  encoder: oneOf(
    'who encodes a batch: the function itself, by private parts of the driver (frames), or the driver’s public `batch`, which is slower (driver)',
    batchEncoders,
  ).default('frames'),
};

const keyspaces = settings({
  kind: oneOf('Amazon Keyspaces, in the stack’s region', ['keyspaces']),
  // CloudFormation and IAM take the name as it stands, and CQL that is not quoted takes it in lower case.
  keyspace: keyspace(
    '2 to 48 small letters, digits and _, beginning with a letter: to Amazon Keyspaces a capital makes it another keyspace',
    /^[a-z][a-z0-9_]{1,47}$/,
  ),
  login: login(
    'service-specific credentials `{"username":…,"password":…}`; not given: the function’s role signs',
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
    pointInTimeRecovery: flag('keep 35 days of changes of user_events and rejected_events').default(
      true,
    ),
  }).prefault({}),
});

const replicationRule =
  'an object of data centres (letters, digits and _.-) with whole numbers, 1 to 9';

const cassandra = settings({
  kind: oneOf('Apache Cassandra, or what speaks its protocol', ['cassandra']),
  keyspace: keyspace(keyspaceName.rule, keyspaceName.pattern),
  contactPoints: texts(
    'nodes to begin with',
    'host or host:port, the port 1 to 65535',
    contactPoint,
    10,
  ),
  localDataCenter: text(
    'the data centre that is written to',
    dataCenterName.rule,
    dataCenterName.pattern,
  ),
  tls: flag('encrypt, and verify the nodes').default(true),
  caFile: text(
    'the authority that signed the nodes’ certificates, if not a public one',
    'the path of a PEM file',
    /./,
  ).optional(),
  login: login('the secret `{"username":…,"password":…}`; not given: no login'),
  batches: settings({
    ...batches,
    partitions: wholeNumber(
      'partitions in one batch; above 10 nodes warn by default (unlogged_batch_across_partitions_warn_threshold)',
      1,
      100,
    ).default(10),
    kib: wholeNumber(
      'KiB in one batch over several partitions; above 5 nodes warn by default (batch_size_warn_threshold), above 50 they refuse',
      1,
      1024,
    ).default(5),
  }).prefault({}),
  tables: settings({
    ...tables,
    replication: z
      .record(z.string().regex(dataCenterName.pattern), wholeNumber('replicas', 1, 9), {
        error: ({ input }) => `must be ${replicationRule} (given ${JSON.stringify(input)})`,
      })
      .meta({
        description:
          'replicas by data centre, for making the keyspace; one that is there must have them; not given: it must be there',
        rule: replicationRule,
      })
      .optional(),
  }).prefault({}),
});

export const sink = oneKindOf('kind', ['keyspaces', 'cassandra'], [keyspaces, cassandra]);

export type Sink = z.output<typeof sink>;
export type KeyspacesSink = z.output<typeof keyspaces>;
export type CassandraSink = z.output<typeof cassandra>;
