import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { matrix, sources, stage, templateOf } from '../support/stages.ts';
import { ancestors, idsOf, resourcesOf } from '../support/template-order.ts';

const mapping = (template: Template, properties: object): void =>
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', properties);

test('the mapping is in provisioned mode with partial batch responses, bounded retries, a destination, metrics and logs', () => {
  mapping(templateOf(stage()), {
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4 },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 100,
    MaximumRecordAgeInSeconds: Match.absent(),
    DestinationConfig: {
      OnFailure: {
        Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^FailedBatches'), 'Arn'] },
      },
    },
    StartingPosition: 'TRIM_HORIZON',
    StartingPositionTimestamp: Match.absent(),
    Topics: ['user-events'],
    BatchSize: 1000,
    MaximumBatchingWindowInSeconds: 1,
    MetricsConfig: { Metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
    LoggingConfig: { SystemLogLevel: 'WARN' },
  });
});

test('an on-demand mapping has no setting of provisioned mode, and its function fails whole invocations', () => {
  const settings = { mapping: { pollers: 'on-demand' }, onFailure: { kind: 'none' } };
  const template = templateOf(stage('msk-iam', 'keyspaces', 'internet', settings));
  mapping(template, {
    ProvisionedPollerConfig: Match.absent(),
    FunctionResponseTypes: Match.absent(),
    BisectBatchOnFunctionError: Match.absent(),
    MaximumRetryAttempts: Match.absent(),
    LoggingConfig: Match.absent(),
    DestinationConfig: Match.absent(),
    MetricsConfig: { Metrics: ['EventCount', 'ErrorCount', 'KafkaMetrics'] },
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ PARTIAL_RESPONSES: 'off' }) },
  });
});

test('the mapping has the retries, pollers, window and log level that the stage gives', () => {
  const settings = {
    mapping: {
      retryAttempts: 0,
      bisect: false,
      logLevel: 'DEBUG',
      maxRecordAgeSeconds: 60,
      pollers: { minimum: 3, maximum: 12 },
      batchingWindowSeconds: 0,
    },
  };
  mapping(templateOf(stage('msk-iam', 'keyspaces', 'internet', settings)), {
    ProvisionedPollerConfig: { MinimumPollers: 3, MaximumPollers: 12 },
    BisectBatchOnFunctionError: false,
    MaximumRetryAttempts: 0,
    MaximumRecordAgeInSeconds: 60,
    MaximumBatchingWindowInSeconds: 0,
    LoggingConfig: { SystemLogLevel: 'DEBUG' },
  });
});

test('the mapping starts at a time where the stage gives one', () => {
  const settings = {
    mapping: { startingPosition: 'at-timestamp', startingTimestamp: '2026-01-01T00:00:00Z' },
  };
  mapping(templateOf(stage('msk-iam', 'keyspaces', 'internet', settings)), {
    StartingPosition: 'AT_TIMESTAMP',
    StartingPositionTimestamp: 1_767_225_600,
  });
});

const accesses: Readonly<Record<keyof typeof sources, object[] | null>> = {
  'msk-iam': null,
  'msk-none': null,
  'msk-serverless': null,
  'msk-scram': [{ Type: 'SASL_SCRAM_512_AUTH', URI: sources['msk-scram'].secretArn }],
  'msk-mtls': [{ Type: 'CLIENT_CERTIFICATE_TLS_AUTH', URI: sources['msk-mtls'].secretArn }],
  'scram-256': [{ Type: 'SASL_SCRAM_256_AUTH', URI: sources['scram-256'].secretArn }],
  'scram-512-vpc': [
    { Type: 'SASL_SCRAM_512_AUTH', URI: sources['scram-512-vpc'].secretArn },
    { Type: 'VPC_SUBNET', URI: 'subnet:subnet-00000001' },
    { Type: 'VPC_SUBNET', URI: 'subnet:subnet-00000002' },
    { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-00000001' },
  ],
  'plain-ca': [
    { Type: 'BASIC_AUTH', URI: sources['plain-ca'].secretArn },
    { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: sources['plain-ca'].caSecretArn },
  ],
  'mtls-ca-vpc': [
    { Type: 'CLIENT_CERTIFICATE_TLS_AUTH', URI: sources['mtls-ca-vpc'].secretArn },
    { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: sources['mtls-ca-vpc'].caSecretArn },
    { Type: 'VPC_SUBNET', URI: 'subnet:subnet-00000001' },
    { Type: 'VPC_SUBNET', URI: 'subnet:subnet-00000002' },
    { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-00000001' },
  ],
  'none-vpc': [
    { Type: 'VPC_SUBNET', URI: 'subnet:subnet-00000001' },
    { Type: 'VPC_SUBNET', URI: 'subnet:subnet-00000002' },
    { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-00000001' },
  ],
};

for (const [name, access] of Object.entries(accesses) as [keyof typeof sources, object[] | null][])
  test(`${name}: the mapping names the brokers, the group and how to log in`, () => {
    const source = sources[name];
    const group = { ConsumerGroupId: 'user-events-to-cassandra' };
    mapping(templateOf(stage(name)), {
      ...('clusterArn' in source
        ? {
            EventSourceArn: source.clusterArn,
            AmazonManagedKafkaEventSourceConfig: group,
            SelfManagedEventSource: Match.absent(),
          }
        : {
            EventSourceArn: Match.absent(),
            SelfManagedEventSource: {
              Endpoints: { KafkaBootstrapServers: source.bootstrapServers },
            },
            SelfManagedKafkaEventSourceConfig: group,
          }),
      SourceAccessConfigurations: access ?? Match.absent(),
    });
  });

for (const [kind, destination] of [
  ['sqs', { 'Fn::GetAtt': [Match.stringLikeRegexp('^FailedBatches'), 'Arn'] }],
  ['topic', 'kafka://failed'],
] as const)
  test(`failed batches can go to ${kind}`, () => {
    const onFailure = kind === 'topic' ? { kind, topic: 'failed' } : { kind };
    mapping(templateOf(stage('msk-iam', 'keyspaces', 'internet', { onFailure })), {
      DestinationConfig: { OnFailure: { Destination: destination } },
    });
  });

test('the mapping is made after the tables are, and after the role has its policy, for AWS tries the connection then', () => {
  const template = templateOf(stage('msk-iam', 'cassandra'));
  const [tables = ''] = Object.keys(template.findResources('Custom::CassandraTables'));
  const policies = Object.keys(template.findResources('AWS::IAM::Policy'));
  const policy = policies.find((id) => id.startsWith('IngestRole')) ?? '';
  for (const before of [tables, policy])
    template.hasResource('AWS::Lambda::EventSourceMapping', {
      DependsOn: Match.arrayWith([before]),
    });
});

test('a change of the mapping that AWS cannot make is checked before anything that the mapping needs is touched, in every stage', () => {
  for (const given of Object.values(matrix).flat()) {
    const resources = resourcesOf(templateOf(given));
    const checks = idsOf(resources, 'Custom::KafkaMappingCheck');
    deepStrictEqual(checks.length, 1);
    const [check = ''] = checks;
    const waiting = [
      ...idsOf(resources, 'AWS::Lambda::EventSourceMapping'),
      // The role's policy would move to the new topic, away from the topic that is read.
      ...idsOf(resources, 'AWS::IAM::Policy').filter((id) => id.startsWith('IngestRole')),
    ];
    deepStrictEqual(waiting.length, 2);
    for (const id of waiting) deepStrictEqual(ancestors(resources, id).has(check), true);
  }
});

test('the check is told of every setting that AWS cannot change, as the stage says it', () => {
  templateOf(
    stage('scram-256', 'keyspaces', 'internet', {
      mapping: { startingPosition: 'at-timestamp', startingTimestamp: '2026-01-01T00:00:00Z' },
    }),
  ).hasResourceProperties('Custom::KafkaMappingCheck', {
    Topic: 'user-events',
    ConsumerGroup: 'user-events-to-cassandra',
    StartingPosition: 'at-timestamp 2026-01-01T00:00:00Z',
    Source: 'kafka-1.example.org:9096,kafka-2.example.org:9096',
    Generation: '1',
  });
  templateOf(stage()).hasResourceProperties('Custom::KafkaMappingCheck', {
    StartingPosition: 'trim-horizon',
    Source: sources['msk-iam'].clusterArn,
  });
});

test('another generation is another mapping to CloudFormation, and alarms and dashboard watch that one', () => {
  const template = templateOf(
    stage('msk-iam', 'keyspaces', 'internet', { topic: 'another', mapping: { generation: 2 } }),
  );
  const [id = '', ...others] = idsOf(resourcesOf(template), 'AWS::Lambda::EventSourceMapping');
  deepStrictEqual([id.replace(/.{8}$/, ''), others], ['SourceMapping2', []]);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'user-events-test: Lag',
    Dimensions: [{ Name: 'EventSourceMappingUUID', Value: { 'Fn::GetAtt': [id, 'Id'] } }],
  });
  template.hasResourceProperties('Custom::KafkaMappingCheck', {
    Topic: 'another',
    Generation: '2',
  });
});
