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

test('no role has a policy of AWS’s, which allow more', () => {
  for (const given of [stage('msk-iam', 'cassandra', 'vpc'), stage()])
    for (const { Properties } of Object.values(templateOf(given).findResources('AWS::IAM::Role')))
      deepStrictEqual(Properties.ManagedPolicyArns, undefined);
});
