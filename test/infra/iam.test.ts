import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Template } from 'aws-cdk-lib/assertions';
import { sources, stage, templateOf } from '../support/stages.ts';

/** Lists `Action resource` of every statement of a role, sorted. Resources of the stack are named by their logical ids. */
const grants = (template: Template, role: string): string[] => {
  const statements = Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) =>
      Properties.Roles.some(({ Ref }: { Ref: string }) => Ref.startsWith(role)),
    )
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  return statements
    .flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => `${action} ${flat(resource)}`)),
    )
    .sort();
};
const flat = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = Object(value);
  if (attribute !== undefined) return `<${attribute[0].replace(/[0-9A-F]{8}$/, '')}>`;
  if (join !== undefined) return join[1].map(flat).join(join[0]);
  return Ref.startsWith('AWS::') ? Ref.slice(5) : `<${Ref.replace(/[0-9A-F]{8}$/, '')}>`;
};

const cluster =
  'arn:aws:kafka:eu-west-1:111122223333:cluster/example/00000000-0000-4000-8000-000000000000-1';
const within = (kind: string, name: string) =>
  `${cluster.replace(':cluster/', `:${kind}/`)}/${name}`;
const secret = (name: string) =>
  `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;
const key = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000';

const log = ['logs:CreateLogStream <IngestLog>', 'logs:PutLogEvents <IngestLog>'];
const failedBatches = ['s3:ListBucket <FailedBatches>', 's3:PutObject <FailedBatches>/*'];
const interfaces = [
  'ec2:CreateNetworkInterface *',
  'ec2:DeleteNetworkInterface *',
  'ec2:DescribeNetworkInterfaces *',
  'ec2:DescribeSecurityGroups *',
  'ec2:DescribeSubnets *',
  'ec2:DescribeVpcs *',
];
const ownInterfaces = [
  'ec2:AssignPrivateIpAddresses *',
  'ec2:CreateNetworkInterface *',
  'ec2:DeleteNetworkInterface *',
  'ec2:DescribeNetworkInterfaces *',
  'ec2:DescribeSubnets *',
  'ec2:UnassignPrivateIpAddresses *',
];
const describeCluster = [
  `kafka:DescribeCluster ${cluster}`,
  `kafka:DescribeClusterV2 ${cluster}`,
  `kafka:GetBootstrapBrokers ${cluster}`,
];
const readTopic = [
  `kafka-cluster:AlterGroup ${within('group', 'user-events-to-cassandra')}`,
  `kafka-cluster:Connect ${cluster}`,
  `kafka-cluster:DescribeGroup ${within('group', 'user-events-to-cassandra')}`,
  `kafka-cluster:DescribeTopic ${within('topic', 'user-events')}`,
  `kafka-cluster:ReadData ${within('topic', 'user-events')}`,
];
const keyspace = (path: string) => `arn:aws:cassandra:eu-west-1:111122223333:/keyspace/${path}`;
const tables = ['partition_watermarks', 'rejected_events', 'user_events'].flatMap((table) =>
  ['Modify', 'Select'].map(
    (action) => `cassandra:${action} ${keyspace(`user_events/table/${table}`)}`,
  ),
);
const keyspaces = [...tables, `cassandra:Select ${keyspace('system*')}`];

const listed = (title: string, given: object, expected: readonly string[], role = 'IngestRole') => {
  test(`the ${role === 'IngestRole' ? 'function' : role} may do this and nothing else: ${title}`, () => {
    deepStrictEqual(grants(templateOf(given), role), [...new Set(expected)].sort());
  });
};

listed('MSK with IAM to Keyspaces', stage(), [
  ...log,
  ...failedBatches,
  ...interfaces,
  ...describeCluster,
  ...readTopic,
  ...keyspaces,
]);
listed('MSK Serverless to Keyspaces', stage('msk-serverless'), [
  ...log,
  ...failedBatches,
  ...interfaces,
  ...describeCluster,
  ...readTopic,
  ...keyspaces,
]);
listed(
  'MSK with SCRAM to Keyspaces by a login, behind endpoints',
  stage('msk-scram', 'keyspaces-login', 'endpoints'),
  [
    ...log,
    ...failedBatches,
    ...interfaces,
    ...ownInterfaces,
    ...describeCluster,
    `kafka:ListScramSecrets ${cluster}`,
    `secretsmanager:GetSecretValue ${secret('AmazonMSK_x')}`,
    `kms:Decrypt ${key}`,
    `secretsmanager:GetSecretValue ${secret('keyspaces')}`,
  ],
);
listed('MSK with mTLS', stage('msk-mtls'), [
  ...log,
  ...failedBatches,
  ...interfaces,
  ...describeCluster,
  ...keyspaces,
  `secretsmanager:GetSecretValue ${secret('client')}`,
]);
listed('MSK without a login', stage('msk-none'), [
  ...log,
  ...failedBatches,
  ...interfaces,
  ...describeCluster,
  ...keyspaces,
]);
listed('Kafka on the internet, with a CA, to Cassandra', stage('plain-ca', 'cassandra'), [
  ...log,
  ...failedBatches,
  `secretsmanager:GetSecretValue ${secret('kafka')}`,
  `secretsmanager:GetSecretValue ${secret('ca')}`,
  `secretsmanager:GetSecretValue ${secret('cassandra')}`,
  `kms:Decrypt ${key}`,
]);
listed(
  'Kafka in a VPC without a login, to an open Cassandra',
  stage('none-vpc', 'cassandra-open'),
  [...log, ...failedBatches, ...interfaces],
);
const foreign = {
  ...sources['msk-iam'],
  clusterArn: cluster.replace('111122223333', '444455556666'),
  vpcConnectionArn:
    'arn:aws:kafka:eu-west-1:111122223333:vpc-connection/444455556666/example/00000000-0000-4000-8000-00000000000a-2',
};
listed(
  'MSK of another account, by a VPC connection: the grants name the cluster there, and the connection here',
  stage('msk-iam', 'cassandra-open', 'internet', { source: foreign }),
  [
    ...log,
    ...failedBatches,
    ...interfaces,
    ...[...describeCluster, ...readTopic].map((one) => one.replace('111122223333', '444455556666')),
    `kafka:DescribeVpcConnection ${foreign.vpcConnectionArn}`,
  ],
);
listed(
  'Kafka in a VPC without a login, whose CA is encrypted with a key of one’s own',
  stage('none-vpc', 'cassandra-open', 'internet', {
    source: { ...sources['none-vpc'], caSecretArn: secret('ca'), secretKeyArn: key },
  }),
  [
    ...log,
    ...failedBatches,
    ...interfaces,
    `secretsmanager:GetSecretValue ${secret('ca')}`,
    `kms:Decrypt ${key}`,
  ],
);
listed('Keyspaces by the role behind its endpoint', stage('scram-256', 'keyspaces', 'endpoints'), [
  ...log,
  ...failedBatches,
  ...ownInterfaces,
  ...keyspaces,
  'ec2:DescribeVpcEndpoints *',
  `secretsmanager:GetSecretValue ${secret('kafka')}`,
]);
listed(
  'tracing, a destination topic and a key of one’s own',
  stage('msk-iam', 'keyspaces', 'internet', {
    function: { tracing: true },
    onFailure: { kind: 'topic', topic: 'failed' },
    encryption: 'own-key',
  }),
  [
    ...log,
    ...interfaces,
    ...describeCluster,
    ...readTopic,
    ...keyspaces,
    `kafka-cluster:DescribeCluster ${cluster}`,
    `kafka-cluster:DescribeTopic ${within('topic', 'failed')}`,
    `kafka-cluster:ReadData ${within('topic', 'failed')}`,
    `kafka-cluster:WriteData ${within('topic', 'failed')}`,
    'xray:PutTelemetryRecords *',
    'xray:PutTraceSegments *',
  ],
);
for (const [kind, actions] of [
  [
    's3',
    [
      's3:ListBucket <FailedBatches>',
      's3:PutObject <FailedBatches>/*',
      'kms:GenerateDataKey <Key>',
    ],
  ],
  ['sqs', ['sqs:SendMessage <FailedBatches>', 'kms:Decrypt <Key>', 'kms:GenerateDataKey <Key>']],
] as const)
  listed(
    `failures to ${kind}, encrypted with a key of one’s own`,
    stage('scram-256', 'cassandra-open', 'internet', {
      onFailure: { kind },
      encryption: 'own-key',
    }),
    [...log, ...actions, `secretsmanager:GetSecretValue ${secret('kafka')}`],
  );

listed(
  'the one that makes tables',
  stage('msk-iam', 'cassandra', 'vpc'),
  [
    'logs:CreateLogStream <TablesMigrateLog>',
    'logs:PutLogEvents <TablesMigrateLog>',
    ...ownInterfaces,
    `secretsmanager:GetSecretValue ${secret('cassandra')}`,
    `kms:Decrypt ${key}`,
  ],
  'TablesMigrateRole',
);
listed(
  'CDK’s framework for it',
  stage('msk-iam', 'cassandra', 'vpc'),
  [
    'lambda:GetFunction <TablesMigrateFunction>',
    'lambda:InvokeFunction <TablesMigrateFunction>',
    'lambda:InvokeFunction <TablesMigrateFunction>:*',
    'logs:CreateLogStream <TablesProviderLog>',
    'logs:PutLogEvents <TablesProviderLog>',
  ],
  'TablesProviderRole',
);

// Anybody can take the name of a deleted bucket: failed batches must not go to another account.
test('failed batches are put only into a bucket of the stack’s own account', () => {
  const statements = Object.values(templateOf(stage()).findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  deepStrictEqual(
    statements
      .filter(({ Action }) => [Action].flat().some((action: string) => action.startsWith('s3:')))
      .map(({ Action, Condition }) => [Action, Condition]),
    ['s3:PutObject', 's3:ListBucket'].map((action) => [
      action,
      { StringEquals: { 's3:ResourceAccount': '111122223333' } },
    ]),
  );
});
listed(
  'the one that checks the mapping',
  stage('msk-iam', 'cassandra', 'vpc'),
  ['logs:CreateLogStream <SourceCheckLog>', 'logs:PutLogEvents <SourceCheckLog>'],
  'SourceCheckRole',
);
listed(
  'CDK’s framework for the check',
  stage(),
  [
    'lambda:GetFunction <SourceCheckFunction>',
    'lambda:InvokeFunction <SourceCheckFunction>',
    'lambda:InvokeFunction <SourceCheckFunction>:*',
    'logs:CreateLogStream <SourceCheckProviderLog>',
    'logs:PutLogEvents <SourceCheckProviderLog>',
  ],
  'SourceCheckProviderRole',
);

const operated = (
  source?: Parameters<typeof stage>[0],
  sink?: Parameters<typeof stage>[1],
  network?: Parameters<typeof stage>[2],
  settings: object = {},
): object => stage(source, sink, network, { operate: true, ...settings });
const operateLog = ['logs:CreateLogStream <OperateRunLog>', 'logs:PutLogEvents <OperateRunLog>'];
const operateFiles = ['s3:GetObject <OperateFiles>/runs/*', 's3:PutObject <OperateFiles>/runs/*'];
const readFailed = [
  's3:DeleteObject <FailedBatches>/*',
  's3:GetObject <FailedBatches>/*',
  's3:ListBucket <FailedBatches>',
];
const useBrokers = [
  `kafka:GetBootstrapBrokers ${cluster}`,
  `kafka-cluster:Connect ${cluster}`,
  `kafka-cluster:WriteDataIdempotently ${cluster}`,
  `kafka-cluster:AlterGroup ${within('group', 'user-events-to-cassandra')}`,
  `kafka-cluster:DescribeGroup ${within('group', 'user-events-to-cassandra')}`,
  `kafka-cluster:DescribeTopic ${within('topic', 'user-events')}`,
  `kafka-cluster:ReadData ${within('topic', 'user-events')}`,
  `kafka-cluster:WriteData ${within('topic', 'user-events')}`,
];
const everyTable = [
  ...keyspaces,
  ...['Modify', 'Select'].map(
    (action) => `cassandra:${action} ${keyspace('user_events/table/operations')}`,
  ),
];
const operates = (title: string, given: object, expected: readonly string[]) =>
  listed(title, given, [...operateLog, ...operateFiles, ...expected], 'OperateRunRole');

operates('operations on MSK with IAM and Keyspaces', operated(), [
  ...readFailed,
  ...useBrokers,
  ...everyTable,
]);
operates(
  'operations in a VPC, with a topic of failed batches and a key of one’s own',
  operated('msk-iam', 'keyspaces', 'endpoints', {
    onFailure: { kind: 'topic', topic: 'failed' },
    encryption: 'own-key',
  }),
  [
    ...ownInterfaces,
    ...useBrokers,
    `kafka-cluster:DescribeTopic ${within('topic', 'failed')}`,
    `kafka-cluster:ReadData ${within('topic', 'failed')}`,
    ...everyTable,
    'ec2:DescribeVpcEndpoints *',
    'kms:Decrypt <Key>',
    'kms:GenerateDataKey <Key>',
  ],
);
operates(
  'operations on Kafka with a login and a CA, and Cassandra, with a queue of failed batches',
  operated('plain-ca', 'cassandra', 'vpc', { onFailure: { kind: 'sqs' } }),
  [
    ...ownInterfaces,
    `secretsmanager:GetSecretValue ${secret('kafka')}`,
    `secretsmanager:GetSecretValue ${secret('ca')}`,
    `secretsmanager:GetSecretValue ${secret('cassandra')}`,
    `kms:Decrypt ${key}`,
    'sqs:ChangeMessageVisibility <FailedBatches>',
    'sqs:DeleteMessage <FailedBatches>',
    'sqs:GetQueueAttributes <FailedBatches>',
    'sqs:ReceiveMessage <FailedBatches>',
  ],
);
operates(
  'operations where the mapping alone reaches the brokers',
  operated('msk-iam', 'cassandra-open', 'internet', { source: foreign }),
  readFailed,
);
operates(
  'operations that ask the registry which the function asks, and not the one by which the mapping validates',
  operated('none-vpc', 'cassandra-open', 'internet', {
    schemaRegistry: {
      kind: 'confluent',
      url: 'https://registry.example.org',
      auth: 'basic',
      secretArn: secret('registry'),
      caSecretArn: secret('ca'),
      validate: 'SOURCE',
    },
    environment: {
      SCHEMA_REGISTRY: 'confluent',
      SCHEMA_REGISTRY_URL: 'https://other.example.org',
      SCHEMA_REGISTRY_AUTH: 'basic',
      SCHEMA_REGISTRY_SECRET_ARN: secret('other'),
    },
  }),
  [...readFailed, `secretsmanager:GetSecretValue ${secret('other')}`],
);
const glue = 'arn:aws:glue:eu-west-1:111122223333:registry/events';
for (const [title, environment, asked] of [
  [
    'operations that ask a registry of Glue, as the function does',
    { SCHEMA_REGISTRY: 'glue' },
    [
      `glue:GetRegistry ${glue}`,
      `glue:GetSchemaVersion ${glue}`,
      `glue:GetSchemaVersion ${glue.replace(':registry/', ':schema/')}/*`,
    ],
  ],
  ['operations beside a registry of Glue that only the mapping asks', {}, []],
] as const)
  operates(
    title,
    operated('none-vpc', 'cassandra-open', 'internet', {
      schemaRegistry: { kind: 'glue', registryArn: glue, validate: 'JSON' },
      environment,
    }),
    [...readFailed, ...asked],
  );

test('no role has a policy of AWS’s, which allow more', () => {
  for (const given of [stage('msk-iam', 'cassandra', 'vpc'), stage(), operated()])
    for (const { Properties } of Object.values(templateOf(given).findResources('AWS::IAM::Role')))
      deepStrictEqual(Properties.ManagedPolicyArns, undefined);
});
