import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import cdk from '../../cdk.json' with { type: 'json' };
import { readConfig } from '../../functions/ingest/config.ts';
import { type DeployConfig, readDeployConfig } from '../../infra/config.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';

const { stages } = cdk.context;
const msk = readDeployConfig('example', stages.example);
const selfManaged = readDeployConfig('example-self-managed', stages['example-self-managed']);

/** Without bundling, which takes seconds and changes nothing in the template but a digest. */
const templateOf = (config: DeployConfig): Template =>
  Template.fromStack(
    new UserEventsStack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), config),
  );
const mapping = (template: Template, properties: object): void =>
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', properties);
const allows = (template: Template, Action: unknown, Resource: unknown): void =>
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action, Resource })]) },
  });

const cluster = msk.source.kind === 'msk' ? msk.source.clusterArn : '';
const bucket = { 'Fn::GetAtt': [Match.stringLikeRegexp('^OnFailure'), 'Arn'] };

test('the mapping is in provisioned mode with partial batch responses, bounded retries and a destination', () => {
  mapping(templateOf(msk), {
    ProvisionedPollerConfig: { MinimumPollers: 1, MaximumPollers: 4 },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    BisectBatchOnFunctionError: true,
    MaximumRetryAttempts: 100,
    DestinationConfig: { OnFailure: { Destination: bucket } },
    StartingPosition: 'TRIM_HORIZON',
    Topics: ['user-events'],
    BatchSize: 1000,
    MaximumBatchingWindowInSeconds: 1,
  });
});

test('an MSK source with IAM authentication names the cluster and the group, and no login', () => {
  mapping(templateOf(msk), {
    EventSourceArn: cluster,
    AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'user-events-to-cassandra' },
    SourceAccessConfigurations: Match.absent(),
  });
});

test('the role may read the topic and move the group of an MSK cluster with IAM, which CDK’s own source forgets', () => {
  const template = templateOf(msk);
  const within = (kind: string, name: string) =>
    `${cluster.replace(':cluster/', `:${kind}/`)}/${name}`;
  allows(template, 'kafka-cluster:Connect', cluster);
  allows(
    template,
    ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
    within('topic', 'user-events'),
  );
  allows(
    template,
    ['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'],
    within('group', 'user-events-to-cassandra'),
  );
});

test('an MSK source with SCRAM logs in with its secret, which the role may read', () => {
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:AmazonMSK_x-AbCdEf';
  const secretKeyArn =
    'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000';
  const template = templateOf({
    ...msk,
    source: { kind: 'msk', clusterArn: cluster, auth: 'scram', secretArn, secretKeyArn },
  });
  mapping(template, {
    SourceAccessConfigurations: [{ Type: 'SASL_SCRAM_512_AUTH', URI: secretArn }],
  });
  allows(template, ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'], secretArn);
  allows(template, 'kms:Decrypt', secretKeyArn);
});

test('a self-managed source has its brokers, its login and its network', () => {
  mapping(templateOf(selfManaged), {
    EventSourceArn: Match.absent(),
    SelfManagedEventSource: {
      Endpoints: {
        KafkaBootstrapServers: ['kafka-1.example.org:9096', 'kafka-2.example.org:9096'],
      },
    },
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'user-events-to-cassandra' },
    SourceAccessConfigurations: [
      {
        Type: 'SASL_SCRAM_512_AUTH',
        URI: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka-login-AbCdEf',
      },
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0123456789abcdef0' },
      { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0123456789abcdef1' },
      { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-0123456789abcdef0' },
    ],
  });
});

test('the mapping is made after the role has its policy, for AWS tries the connection then', () => {
  const template = templateOf(msk);
  const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
  template.hasResource('AWS::Lambda::EventSourceMapping', {
    DependsOn: Match.arrayWith([policy]),
  });
});

test('the function runs on Node 24 and arm64 and gets settings that it accepts', () => {
  for (const config of [msk, selfManaged]) {
    const template = templateOf(config);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 60,
      LoggingConfig: { LogFormat: 'JSON' },
    });
    const [resource] = Object.values(template.findResources('AWS::Lambda::Function'));
    const properties = resource?.['Properties'] ?? {};
    const { NODE_OPTIONS, ...variables } = properties.Environment.Variables;
    deepStrictEqual(NODE_OPTIONS, '--enable-source-maps');
    deepStrictEqual(readConfig(variables), readConfig(config.environment));
  }
});

test('on Keyspaces the role may read and write the three tables, and read the system’s', () => {
  const template = templateOf(msk);
  const arn = (path: string) => ({
    'Fn::Join': ['', Match.arrayWith([`:cassandra:eu-west-1:111122223333:/keyspace/${path}`])],
  });
  allows(
    template,
    ['cassandra:Select', 'cassandra:Modify'],
    ['user_events', 'rejected_events', 'partition_watermarks'].map((table) =>
      arn(`user_events/table/${table}`),
    ),
  );
  allows(template, 'cassandra:Select', arn('system*'));
});

test('a password’s secret may be read by the function, and runs where the database is reached', () => {
  const template = templateOf(selfManaged);
  allows(
    template,
    ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:cassandra-login-AbCdEf',
  );
  template.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: {
      SubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      SecurityGroupIds: ['sg-0123456789abcdef1'],
    },
  });
});

test('no statement has a wildcard resource but the network interfaces’, which AWS asks for', () => {
  for (const config of [msk, selfManaged]) {
    const policies = templateOf(config).findResources('AWS::IAM::Policy');
    for (const policy of Object.values(policies))
      for (const { Action, Resource } of policy['Properties'].PolicyDocument.Statement)
        ok(
          Resource !== '*' || [Action].flat().every((one: string) => one.startsWith('ec2:')),
          Action,
        );
  }
});

test('the bucket for failed batches is private, encrypted, and stays when the stack goes', () => {
  const template = templateOf(msk);
  template.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      BucketEncryption: Match.anyValue(),
    },
  });
  template.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    },
  });
});
