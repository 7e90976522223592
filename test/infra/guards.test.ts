import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';

import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { pipelineOf } from '../../infra/config/pipeline-of-stage.ts';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { demoWarnings, warnings } from '../../infra/config/warnings.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';
import { mistakesIn } from '../support/mistakes.ts';
import { sinks, sources, stage } from '../support/stages.ts';
import { testApp } from '../support/test-app.ts';

/** Tests that a stage is refused, with exactly these mistakes. */
const refused = (title: string, given: object, ...expected: string[]): void => {
  test(title, () => {
    deepStrictEqual(mistakesIn(given), expected);
  });
};
const withSettings = (settings: object): object => ({ ...stage(), ...settings });
const registry = {
  kind: 'glue',
  registryArn: 'arn:aws:glue:eu-west-1:111122223333:registry/events',
};

const onDemand = (mapping: object, settings: object = {}): object =>
  withSettings({ mapping: { pollers: 'on-demand', ...mapping }, ...settings });
const without = 'on demand, where AWS does not take it; give mapping.pollers minimum and maximum';

refused(
  'each setting that needs provisioned mode is refused on demand, by its name',
  onDemand(
    { retryAttempts: 5, maxRecordAgeSeconds: 60, bisect: false, logLevel: 'INFO' },
    {
      onFailure: { kind: 'topic', topic: 'failed' },
      schemaRegistry: { ...registry, validate: 'JSON' },
    },
  ),
  `mapping.retryAttempts must not be given ${without} (given 5)`,
  `mapping.maxRecordAgeSeconds must not be given ${without} (given 60)`,
  `mapping.bisect must not be given ${without} (given false)`,
  `mapping.logLevel must not be given ${without} (given "INFO")`,
  `onFailure.kind must not be topic ${without} (given "topic")`,
  `schemaRegistry.validate must not be given ${without} (given "JSON")`,
);
test('a mapping on demand is accepted where no setting needs provisioned mode, with and without a destination', () => {
  for (const kind of ['s3', 'sqs', 'none'] as const) {
    const given = onDemand({}, { onFailure: { kind }, schemaRegistry: registry });
    const { mapping, onFailure } = readDeployConfig('test', given);
    deepStrictEqual([mapping.pollers, onFailure.kind], ['on-demand', kind]);
  }
});

for (const kind of ['s3', 'sqs'])
  refused(
    `retries for ever are refused with a destination, for which AWS makes ten: ${kind}`,
    withSettings({ mapping: { retryAttempts: -1 }, onFailure: { kind } }),
    `mapping.retryAttempts must be 0 to 10000 with onFailure ${kind}: with a destination AWS takes -1, for ever, ` +
      'for 10 (given -1)',
  );
refused(
  'a stage without a destination must retry without end, and know no record that is too old: AWS would drop it',
  withSettings({
    mapping: { retryAttempts: 100, maxRecordAgeSeconds: 60 },
    onFailure: { kind: 'none' },
  }),
  'mapping.retryAttempts must be -1 with onFailure none: AWS drops a batch whose retries have ended (given 100)',
  'mapping.maxRecordAgeSeconds must not be given with onFailure none: AWS drops records that are older (given 60)',
);
test('retries without end are accepted without a destination', () => {
  const { mapping, onFailure } = readDeployConfig(
    'test',
    withSettings({ mapping: { retryAttempts: -1 }, onFailure: { kind: 'none' } }),
  );
  deepStrictEqual([mapping.retryAttempts, onFailure.kind], [-1, 'none']);
});
refused(
  'a mapping that validates is refused without a destination, because AWS drops what does not validate',
  withSettings({
    mapping: { retryAttempts: -1 },
    onFailure: { kind: 'none' },
    schemaRegistry: { ...registry, validate: 'SOURCE' },
  }),
  'schemaRegistry.validate must not be given with onFailure none: AWS drops records that do not validate without a word (given "SOURCE")',
);

for (const [given, rule] of [
  [
    { mapping: { retryAttempts: 10_001 } },
    'mapping.retryAttempts must be a whole number, -1 to 10000: AWS takes no other (given 10001)',
  ],
  [
    { mapping: { maxRecordAgeSeconds: 604_801 } },
    'mapping.maxRecordAgeSeconds must be a whole number, 60 to 604800: AWS takes no other (given 604801)',
  ],
  [
    { mapping: { batchSize: 10_001 } },
    'mapping.batchSize must be a whole number, 1 to 10000: AWS takes no larger batch (given 10001)',
  ],
  [
    { mapping: { logLevel: 'ERROR' } },
    'mapping.logLevel must be one of WARN, INFO, DEBUG (given "ERROR")',
  ],
  [
    { consumerGroup: 'a group' },
    'consumerGroup must be 1 to 200 of letters, digits and -/*:_+=.@ (given "a group")',
  ],
] as const)
  refused(`a setting beyond AWS’s own limits is refused: ${rule}`, withSettings(given), rule);

for (const timeoutSeconds of [29, 841])
  refused(
    `a function’s timeout of ${timeoutSeconds} s is refused`,
    withSettings({ function: { timeoutSeconds } }),
    'function.timeoutSeconds must be a whole number, 30 to 840: with less, Lambda could kill an invocation while the database hangs; ' +
      `AWS takes no more for a Kafka mapping (given ${timeoutSeconds})`,
  );

refused(
  'more than 22 subnets, groups and logins of a source are refused',
  {
    ...stage(),
    source: {
      ...sources['mtls-ca-vpc'],
      vpc: {
        subnetIds: Array.from({ length: 16 }, (_, at) => `subnet-000000${at + 10}`),
        securityGroupIds: Array.from({ length: 5 }, (_, at) => `sg-0000000${at}`),
      },
    },
  },
  'source.vpc must have at most 22 subnets and groups, login and CA counted as one each: AWS takes no more (given 23)',
);
refused(
  'a maximum of pollers below the minimum is refused',
  withSettings({ mapping: { pollers: { minimum: 5, maximum: 4 } } }),
  'mapping.pollers.maximum must be at least mapping.pollers.minimum (given 4 and 5)',
);
refused(
  'the topic that is read is refused as the on-failure destination',
  withSettings({ onFailure: { kind: 'topic', topic: 'user-events' } }),
  'onFailure.topic must not be the topic that is read: its records would come back for ever (given "user-events")',
);
refused(
  'a group’s name with a wildcard is refused with IAM',
  withSettings({ consumerGroup: 'user-*' }),
  'consumerGroup must be without * under IAM, which would take it for any group (given "user-*")',
);
test('a group’s name may have a wildcard without IAM', () => {
  deepStrictEqual(
    readDeployConfig('test', { ...stage('scram-256'), consumerGroup: 'user-*' }).consumerGroup,
    'user-*',
  );
});
refused(
  'a mapping that starts at a time is refused without the time',
  withSettings({ mapping: { startingPosition: 'at-timestamp' } }),
  'mapping.startingTimestamp must be given with startingPosition at-timestamp (not given)',
);
refused(
  'a time to start from is refused where the mapping does not start at a time',
  withSettings({ mapping: { startingTimestamp: '2026-01-01T00:00:00Z' } }),
  'mapping.startingTimestamp must not be given with startingPosition trim-horizon: it would do nothing (given "2026-01-01T00:00:00Z")',
);
for (const time of ['2999-01-01T00:00:00Z', '2026-13-01T00:00:00Z'])
  refused(
    `a starting timestamp that is not in the past is refused: ${time}`,
    withSettings({ mapping: { startingPosition: 'at-timestamp', startingTimestamp: time } }),
    `mapping.startingTimestamp must be a time in the past: AWS takes no other (given "${time}")`,
  );
refused(
  'a large batch is refused for a function without the time for it',
  withSettings({ mapping: { batchSize: 10_000 }, function: { timeoutSeconds: 54 } }),
  'function.timeoutSeconds must be at least 55 for a mapping.batchSize of 10000: a slow database takes 256 rows a second ' +
    'from one environment, the last 15 s are kept for requests in flight, and records that are not written in time are delivered ' +
    'again (given 54)',
);
test('a large batch is accepted for a function with just the time for it', () => {
  const settings = { mapping: { batchSize: 10_000 }, function: { timeoutSeconds: 55 } };
  deepStrictEqual(
    readDeployConfig('test', withSettings(settings)).function.timeoutSeconds,
    settings.function.timeoutSeconds,
  );
});
refused(
  'a log’s retention that is none of CloudWatch’s steps is refused',
  withSettings({ function: { logRetentionDays: 31 } }),
  'function.logRetentionDays must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, ' +
    '2192, 2557, 2922, 3288, 3653 (given 31)',
);
refused(
  'a stage without account and region is refused, unless it is a demo',
  withSettings({ account: undefined, region: undefined }),
  'account must be given, so that the stage is deployed to no other account (not given)',
  'region must be given, so that the stage is deployed to no other region (not given)',
);
test('cluster, secrets, keys and the alarms’ topic of another region are refused, and a cluster of another account', () => {
  const source = sources['msk-scram'];
  const mistakes = mistakesIn({
    ...stage('msk-scram', 'keyspaces-login'),
    account: '999999999999',
    region: 'us-east-1',
    alarms: { topicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms' },
  });
  deepStrictEqual(
    mistakes.map((mistake) => mistake.split(' must be ')[0]),
    [
      'source.clusterArn',
      'source.clusterArn',
      'source.secretArn',
      'source.secretKeyArn',
      'sink.login.secretArn',
      'alarms.topicArn',
    ],
  );
  deepStrictEqual(
    mistakes[0],
    `source.clusterArn must be of the stack’s region, us-east-1 (given "${source.clusterArn}")`,
  );
});
refused(
  'a maximum of capacity below the minimum is refused',
  withSettings({
    sink: {
      ...sinks.keyspaces,
      tables: { capacity: { read: { minimum: 1, maximum: 2 }, write: { minimum: 3, maximum: 2 } } },
    },
  }),
  'sink.tables.capacity.write.maximum must be at least its minimum (given 2 and 3)',
);
refused(
  'rejected events that are kept for ever are refused on Keyspaces',
  withSettings({ environment: { REJECTED_TTL_DAYS: '0' } }),
  'environment.REJECTED_TTL_DAYS must be 1 to 7300 on Keyspaces, which takes USING TTL only for tables with a TTL (given "0")',
);
test('rejected events may be kept for ever on Cassandra', () => {
  const { environment } = readDeployConfig('test', {
    ...stage('msk-iam', 'cassandra'),
    environment: { REJECTED_TTL_DAYS: '0' },
  });
  deepStrictEqual(environment, { REJECTED_TTL_DAYS: '0' });
});

const inVpc = (sink: keyof typeof sinks, network: object): object => {
  const given = stage('msk-iam', sink, 'vpc') as { network: object };
  return { ...given, network: { ...given.network, ...network } };
};
refused(
  'a stage in a VPC is refused unless it says where Cassandra is',
  inVpc('cassandra', { database: {} }),
  'network.database must name either securityGroupId or cidr: the function’s group is opened to nothing else (given 0 of them)',
);
refused(
  'a stage in a VPC is refused where it says twice where Cassandra is',
  inVpc('cassandra', { database: { securityGroupId: 'sg-00000001', cidr: '10.0.0.0/16' } }),
  'network.database must name either securityGroupId or cidr: the function’s group is opened to nothing else (given 2 of them)',
);
refused(
  'a network setting that would do nothing is refused',
  inVpc('keyspaces', { database: { cidr: '10.0.0.0/16' }, endpoints: { secretsManager: true } }),
  'network.database must not be given for Keyspaces: it would do nothing',
  'network.endpoints.secretsManager must be false without sink.login and environment.SCHEMA_REGISTRY_SECRET_ARN: ' +
    'the function reads no secret (given true)',
);
refused(
  'an endpoint of Keyspaces is refused for Cassandra',
  inVpc('cassandra', { endpoints: { keyspaces: true } }),
  'network.endpoints.keyspaces must be false for Cassandra (given true)',
);
refused(
  'a network with more subnets than zones is refused',
  inVpc('keyspaces', { availabilityZones: ['eu-west-1a'] }),
  'network.subnetIds must be as many as network.availabilityZones (given 2 and 1)',
);
refused(
  'a demo with a network, or with Cassandra, is refused',
  { ...inVpc('cassandra', {}), source: { kind: 'demo' } },
  'network must not be given in a demo, which makes its own',
  'sink.kind must be keyspaces in a demo (given "cassandra")',
);
const selfManaged = (settings: object): object =>
  withSettings({ source: { ...sources['scram-256'], ...settings } });
const onCassandra = (settings: object): object =>
  withSettings({ sink: { ...sinks.cassandra, ...settings } });

for (const [title, given, ...expected] of [
  [
    'a broker’s port above 65535 is refused',
    selfManaged({ bootstrapServers: ['kafka:99999'] }),
    'source.bootstrapServers.0 must be host:port, the port 1 to 65535 (given "kafka:99999")',
  ],
  [
    'a broker’s port 0, and a colon without a port, are refused',
    selfManaged({ bootstrapServers: ['kafka:0', 'kafka:'] }),
    'source.bootstrapServers.0 must be host:port, the port 1 to 65535 (given "kafka:0")',
    'source.bootstrapServers.1 must be host:port, the port 1 to 65535 (given "kafka:")',
  ],
  [
    'a broker’s address of four numbers that is not IPv4 is refused',
    selfManaged({ bootstrapServers: ['256.1.1.1:9092'] }),
    'source.bootstrapServers.0 must be host:port, the port 1 to 65535 (given "256.1.1.1:9092")',
  ],
  [
    'a node’s port above 65535 is refused',
    onCassandra({ contactPoints: ['node:65536'] }),
    'sink.contactPoints.0 must be host or host:port, the port 1 to 65535 (given "node:65536")',
  ],
  [
    'a broker that is named twice is refused',
    selfManaged({ bootstrapServers: ['kafka:9092', 'kafka:9092'] }),
    'source.bootstrapServers must be a list of 1 to 10, each host:port, the port 1 to 65535, none of them twice ' +
      '(given ["kafka:9092","kafka:9092"])',
  ],
  [
    'a broker at localhost is refused',
    selfManaged({ bootstrapServers: ['localhost:9092', '127.0.0.1:9092'] }),
    'source.bootstrapServers.0 must be an address that AWS reaches: localhost is the machine that asks (given "localhost:9092")',
    'source.bootstrapServers.1 must be an address that AWS reaches: localhost is the machine that asks (given "127.0.0.1:9092")',
  ],
  [
    'private addresses of brokers and nodes are refused without a network',
    {
      ...onCassandra({ contactPoints: ['10.1.2.3'] }),
      source: {
        ...sources['scram-256'],
        bootstrapServers: ['172.16.0.1:9092', 'ip-10-0-0-1.eu-west-1.compute.internal:9092'],
      },
    },
    ...['172.16.0.1:9092', 'ip-10-0-0-1.eu-west-1.compute.internal:9092'].map(
      (given, index) =>
        `source.bootstrapServers.${index} must be an address on the internet, or source.vpc must be given: a private address is ` +
        `reached only from inside its network (given "${given}")`,
    ),
    'sink.contactPoints.0 must be an address on the internet, or network must be given: a private address is reached only from ' +
      'inside its network (given "10.1.2.3")',
  ],
  [
    'private and local addresses of a schema registry are refused without a network',
    {
      ...selfManaged({}),
      schemaRegistry: {
        kind: 'confluent',
        url: 'https://192.168.0.1:8081',
        auth: 'none',
        validate: 'JSON',
      },
      environment: { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: 'http://localhost:8081' },
    },
    'schemaRegistry.url must be an address on the internet, or source.vpc must be given: a private address is reached only from ' +
      'inside its network (given "192.168.0.1")',
    'environment.SCHEMA_REGISTRY_URL must be an address that AWS reaches: localhost is the machine that asks ' +
      '(given "localhost")',
  ],
  [
    'a replication without the local data centre is refused',
    onCassandra({ tables: { replication: { dc2: 3 } } }),
    'sink.tables.replication must have sink.localDataCenter, dc1, where rows are written (given {"dc2":3})',
  ],
  [
    'a key without a secret is refused',
    withSettings({
      source: { ...sources['none-vpc'], secretKeyArn: sources['msk-scram'].secretKeyArn },
    }),
    'source.secretKeyArn must not be given without secretArn or caSecretArn: it would do nothing ' +
      `(given "${sources['msk-scram'].secretKeyArn}")`,
  ],
  [
    'a starting timestamp before 1970 is refused',
    withSettings({
      mapping: { startingPosition: 'at-timestamp', startingTimestamp: '0001-01-01T00:00:00Z' },
    }),
    'mapping.startingTimestamp must be a time from 1970 on: Kafka knows no earlier one (given "0001-01-01T00:00:00Z")',
  ],
  [
    'a demo’s stack name that is too long for an MSK cluster is refused',
    {
      stackName: 'd'.repeat(65),
      topic: 'user-events',
      consumerGroup: 'group',
      source: { kind: 'demo' },
      sink: sinks.keyspaces,
    },
    'stackName must be at most 64 characters in a demo, whose cluster has that name: AWS takes no longer one ' +
      `(given "${'d'.repeat(65)}")`,
  ],
  [
    'a keyspace with capitals is refused on Keyspaces',
    withSettings({ sink: { kind: 'keyspaces', keyspace: 'UserEvents' } }),
    'sink.keyspace must be 2 to 48 small letters, digits and _, beginning with a letter: to Amazon Keyspaces a name with a ' +
      'capital is another keyspace (given "UserEvents")',
  ],
] as const)
  refused(title, given, ...expected);

test('a keyspace may have capitals on Cassandra, which takes it in lower case on both sides', () => {
  const { sink } = readDeployConfig('test', onCassandra({ keyspace: 'UserEvents' }));
  strictEqual(sink.keyspace, 'UserEvents');
});
test('private addresses are accepted inside their networks', () => {
  const { sink, source } = readDeployConfig('test', {
    ...inVpc('cassandra', {}),
    sink: { ...sinks.cassandra, contactPoints: ['10.1.2.3'] },
    source: { ...sources['scram-512-vpc'], bootstrapServers: ['10.1.2.4:9096'] },
  });
  deepStrictEqual(
    [
      'contactPoints' in sink && sink.contactPoints,
      'bootstrapServers' in source && source.bootstrapServers,
    ],
    [['10.1.2.3'], ['10.1.2.4:9096']],
  );
});
for (const cidr of ['999.0.0.0/99', '10.0.0.0/33', '10.0.0.1/16', '10.0.0/16', '10.0.0.0'])
  refused(
    `a block of addresses that is none is refused: ${cidr}`,
    inVpc('cassandra', { database: { cidr } }),
    `network.database.cidr must be a block named by its first address, like 10.0.0.0/16 (given "${cidr}")`,
  );
test('a block of addresses of every size is accepted', () => {
  for (const cidr of ['0.0.0.0/0', '10.0.0.0/8', '10.128.0.0/9', '10.0.0.1/32', '192.168.4.0/22'])
    deepStrictEqual(
      readDeployConfig('test', inVpc('cassandra', { database: { cidr } })).network?.database,
      { cidr },
    );
});
refused(
  'an availability zone of another region is refused',
  inVpc('keyspaces', { availabilityZones: ['us-east-1a', 'euw1-az2'] }),
  'network.availabilityZones.0 must be a zone of the stack’s region, like eu-west-1a (given "us-east-1a")',
  'network.availabilityZones.1 must be a zone of the stack’s region, like eu-west-1a (given "euw1-az2")',
);
test('subnets, security groups and zones that are given twice are refused', () => {
  const subnet = 'subnet-00000001';
  for (const [network, path] of [
    [{ subnetIds: [subnet, subnet] }, 'network.subnetIds'],
    [{ availabilityZones: ['eu-west-1a', 'eu-west-1a'] }, 'network.availabilityZones'],
    [{ securityGroupIds: ['sg-00000001', 'sg-00000001'] }, 'network.securityGroupIds'],
  ] as const) {
    const [mistake = '', ...further] = mistakesIn(inVpc('keyspaces', network));
    match(mistake, new RegExp(`^${path} must be a list of .*, none of them twice \\(given `));
    deepStrictEqual(further, []);
  }
});

for (const path of [
  'source.consumptionMode',
  'mapping.consumptionMode',
  'consumptionMode',
  'source.mode',
  'mapping.queueMode',
  'source.shareGroup',
])
  test(`Queue mode is refused by name, with the reason: ${path}`, () => {
    const [section, name] = path.includes('.') ? path.split('.') : [undefined, path];
    const added = { [name as string]: 'queue' };
    const given = stage('scram-256') as Record<string, object>;
    const mistakes = mistakesIn(
      section === undefined
        ? { ...given, ...added }
        : { ...given, [section]: { ...given[section], ...added } },
    );
    deepStrictEqual(mistakes, [
      `${path} must not be given: in Queue mode (a Kafka share group) records come in no order, and lateness is judged in the order ` +
        'of offsets; the mapping reads a stream, which is AWS’s default',
    ]);
  });
for (const name of [
  'capacityProvider',
  'capacityProviderConfig',
  'managedInstances',
  'perExecutionEnvironmentMaxConcurrency',
  'computeType',
])
  refused(
    `Lambda Managed Instances are refused by name, with the reason: function.${name}`,
    withSettings({ function: { [name]: 8 } }),
    `function.${name} must not be given: on Lambda Managed Instances several invocations run at once in one process, and the ` +
      'function was not tried there; the function runs on Lambda’s own compute, where invocations take turns',
  );
test('a variable by which a stage asks for Lambda Managed Instances is refused', () => {
  const [mistake = '', ...further] = mistakesIn(
    withSettings({ environment: { AWS_LAMBDA_MAX_CONCURRENCY: '8' } }),
  );
  match(mistake, /^environment\.AWS_LAMBDA_MAX_CONCURRENCY must not be given: .*Managed Instances/);
  deepStrictEqual(further, []);
});

test('a CA’s file that is missing, is not PEM, or is too long for a variable is refused', async () => {
  const withCa = (caFile: string) =>
    mistakesIn({ ...stage(), sink: { ...sinks.cassandra, caFile } });
  match(withCa('nowhere.pem')[0] ?? '', /^sink\.caFile must be a file that can be read \(ENOENT/);
  match(withCa('README.md')[0] ?? '', /^environment: CASSANDRA_CA must be PEM text/);
  const folder = await mkdtemp(join(tmpdir(), 'ca-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const file = join(folder, 'ca.pem');
  await writeFile(file, `-----BEGIN CERTIFICATE-----\n${'A'.repeat(4096)}\n`);
  match(
    withCa(relative('.', file))[0] ?? '',
    /^sink\.caFile must be short enough: Lambda takes 4,096 bytes/,
  );
});

test('rows of Cassandra that would expire after 2038-01-19 are warned of, by setting and by today’s date', () => {
  const on = (date: string, kind: 'cassandra' | 'keyspaces', days: number, rejected: string) => {
    const sink = { ...sinks[kind], tables: { userEventsTtlDays: days } };
    const config = readDeployConfig('test', {
      ...stage('msk-iam', kind, 'internet', { sink }),
      environment: { REJECTED_TTL_DAYS: rejected },
    });
    return warnings(pipelineOf(config), Date.parse(date)).filter(([name]) =>
      name.endsWith('expiry'),
    );
  };
  deepStrictEqual(on('2026-11-28', 'cassandra', 4_070, '30'), []);
  const [[name, text = ''] = [], ...others] = on('2026-11-28', 'cassandra', 4_071, '30');
  strictEqual(name, 'user-events-expiry');
  match(
    text,
    /^sink\.tables\.userEventsTtlDays 4071: .*2038-01-19.*storage_compatibility_mode.*Up to 4070/,
  );
  deepStrictEqual(others, []);
  deepStrictEqual(
    on('2026-11-28', 'cassandra', 7_300, '7300').map(([one]) => one),
    ['user-events-expiry', 'rejected-events-expiry'],
  );
  deepStrictEqual(
    on('2037-12-25', 'cassandra', 1, '30').map(([one]) => one),
    ['rejected-events-expiry'],
  );
  deepStrictEqual(on('2037-12-25', 'cassandra', 1, '0'), []);
  // Amazon Keyspaces takes 7,300 days.
  deepStrictEqual(on('2026-11-28', 'keyspaces', 7_300, '7300'), []);
});

test('a setting that loses data and that AWS accepts is warned of', () => {
  const warned = (given: object) => {
    const config = readDeployConfig('test', given);
    return [...warnings(pipelineOf(config)), ...demoWarnings(config)].map(([name]) => name);
  };
  deepStrictEqual(warned(stage()), []);
  deepStrictEqual(warned(withSettings({ mapping: { startingPosition: 'latest' } })), ['latest']);
  deepStrictEqual(warned(withSettings({ mapping: { maxRecordAgeSeconds: 60 } })), ['record-age']);
  deepStrictEqual(warned(withSettings({ onFailure: { kind: 'sqs' } })), ['sqs']);
  deepStrictEqual(warned(onDemand({})), ['ten-retries', 'on-demand']);
  deepStrictEqual(warned(onDemand({}, { onFailure: { kind: 'none' } })), [
    'on-demand',
    'no-destination',
  ]);
  deepStrictEqual(warned(stage('msk-none')), ['no-login']);
  deepStrictEqual(warned(withSettings({ sink: { ...sinks.cassandra, tls: false } })), [
    'plaintext',
  ]);
  deepStrictEqual(warned(withSettings({ removal: 'destroy' })), ['destroy']);
  const demo = (source: object) =>
    withSettings({ region: 'us-east-1', source: { kind: 'demo', ...source } });
  deepStrictEqual(warned(demo({})), ['zone-without-msk']);
  deepStrictEqual(warned(demo({ availabilityZones: ['us-east-1a', 'us-east-1b'] })), []);
  deepStrictEqual(warned(withSettings({ environment: { LATE_EVENTS: 'drop' } })), ['late-events']);
  deepStrictEqual(warned(withSettings({ schemaRegistry: registry })), ['unasked-registry']);
  const secretArn = sinks['keyspaces-login'].login.secretArn.replace(
    '111122223333',
    '999999999999',
  );
  const { secretKeyArn } = sources['msk-scram'];
  deepStrictEqual(warned(withSettings({ sink: { ...sinks.keyspaces, login: { secretArn } } })), [
    'foreign-secret',
  ]);
  deepStrictEqual(
    warned(withSettings({ sink: { ...sinks.keyspaces, login: { secretArn, secretKeyArn } } })),
    [],
  );
  deepStrictEqual(
    warned(withSettings({ schemaRegistry: registry, environment: { SCHEMA_REGISTRY: 'glue' } })),
    [],
  );
  for (const tables of [
    { userEventsTtlDays: 30 },
    { pointInTimeRecovery: false },
    { capacity: { read: { minimum: 1, maximum: 2 }, write: { minimum: 1, maximum: 2 } } },
  ])
    deepStrictEqual(
      warned(withSettings({ sink: { ...sinks.keyspaces, tables: { create: false, ...tables } } })),
      ['tables-of-others'],
    );
  const tables = { create: false, replication: { dc1: 3 } };
  deepStrictEqual(warned(withSettings({ sink: { ...sinks.cassandra, tables } })), [
    'tables-of-others',
  ]);
  deepStrictEqual(warned(withSettings({ environment: { MAX_FUTURE_SECONDS: '121' } })), [
    'max-future-seconds',
  ]);
  const raised = { OUT_OF_ORDERNESS_SECONDS: '600', MAX_FUTURE_SECONDS: '600' };
  deepStrictEqual(warned(withSettings({ environment: raised })), []);
});

test('cdk synth shows a warning with what is lost', () => {
  const config = readDeployConfig(
    'test',
    withSettings({ mapping: { startingPosition: 'latest' } }),
  );
  const stack = new UserEventsStack(testApp(), config);
  const found = Annotations.fromStack(stack).findWarning(
    '/user-events-test/Default',
    Match.stringLikeRegexp('latest loses records: those that arrive while .* are never read'),
  );
  deepStrictEqual(found.length, 1);
});
