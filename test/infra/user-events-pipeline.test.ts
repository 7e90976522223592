import { deepStrictEqual, match, ok, throws } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Duration, RemovalPolicy, SecretValue, Stack, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { type IVpc, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnCluster } from 'aws-cdk-lib/aws-msk';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import * as z from 'zod';
import cdk from '../../cdk.json' with { type: 'json' };
import { pipelineOutputs } from '../../cli/stage/stack-outputs.ts';
import { pipelineSettings } from '../../infra/config/pipeline.ts';
import type { UserEventsPipelineProps } from '../../infra/construct/props.ts';
import {
  KafkaAuth,
  KafkaSource,
  OnFailure,
  RegistryAuth,
  SchemaRegistry,
  Sink,
  UserEventsPipeline,
} from '../../infra/index.ts';
import { outputNames } from '../../infra/output-names.ts';
import { sinks, sources, stage, templateOf } from '../support/stages.ts';
import { testApp } from '../support/test-app.ts';

const { stages: _, ...flags } = cdk.context;

const stackOf = (env = { account: '111122223333', region: 'eu-west-1' }): Stack =>
  new Stack(testApp(flags), 'Website', { env });

const least: UserEventsPipelineProps = {
  source: KafkaSource.msk(sources['msk-iam'].clusterArn, { auth: KafkaAuth.iam() }),
  topic: 'user-events',
  consumerGroup: 'user-events-to-cassandra',
  sink: Sink.keyspaces({ keyspace: 'user_events' }),
};

const pipelineIn = (stack: Stack, props: Partial<UserEventsPipelineProps> = {}) =>
  new UserEventsPipeline(stack, 'UserEvents', { ...least, ...props });

const templateWith = (
  props: Partial<UserEventsPipelineProps> = {},
  stack = stackOf(),
): Template => {
  pipelineIn(stack, props);
  return checked(stack);
};

const checked = (stack: Stack): Template => {
  process.env['CDK_VALIDATION'] = 'false';
  try {
    return Template.fromStack(stack);
  } finally {
    delete process.env['CDK_VALIDATION'];
  }
};

const { vpc } = sources['scram-512-vpc'];
const place = { subnets: vpc.subnetIds, securityGroups: vpc.securityGroupIds };
const { bootstrapServers, secretArn } = sources['scram-256'];
const { clusterArn } = sources['msk-iam'];
const { secretArn: client } = sources['msk-mtls'];
const scram = sources['msk-scram'];
const plain = sources['plain-ca'];

test('each source that a stage can name, but for a demo, can be made for the construct', () => {
  const made: Record<keyof typeof sources, KafkaSource> = {
    'msk-iam': KafkaSource.msk(clusterArn, { auth: KafkaAuth.iam() }),
    'msk-scram': KafkaSource.msk(clusterArn, {
      auth: KafkaAuth.scram512(scram.secretArn, scram.secretKeyArn),
    }),
    'msk-mtls': KafkaSource.msk(clusterArn, { auth: KafkaAuth.mtls(client) }),
    'msk-none': KafkaSource.msk({ clusterArn }, { auth: KafkaAuth.none() }),
    'msk-serverless': KafkaSource.mskServerless({ attrArn: clusterArn }),
    'scram-256': KafkaSource.selfManaged({
      bootstrapServers,
      auth: KafkaAuth.scram256(secretArn),
    }),
    'scram-512-vpc': KafkaSource.selfManaged({
      bootstrapServers,
      auth: KafkaAuth.scram512(secretArn),
      vpc: place,
    }),
    'plain-ca': KafkaSource.selfManaged({
      bootstrapServers,
      auth: KafkaAuth.plain(secretArn, plain.secretKeyArn),
      ca: plain.caSecretArn,
    }),
    'mtls-ca-vpc': KafkaSource.selfManaged({
      bootstrapServers,
      auth: KafkaAuth.mtls(client),
      ca: plain.caSecretArn,
      vpc: place,
    }),
    'none-vpc': KafkaSource.selfManaged({
      bootstrapServers,
      auth: KafkaAuth.none(),
      vpc: place,
    }),
  };
  for (const [name, source] of Object.entries(made))
    deepStrictEqual(source.settings, sources[name as keyof typeof sources], name);
});

test('each sink that a stage can name can be made for the construct', () => {
  const stack = stackOf();
  const { login } = sinks.cassandra;
  const secret = Secret.fromSecretAttributes(stack, 'Login', {
    secretCompleteArn: login.secretArn,
    encryptionKey: Key.fromKeyArn(stack, 'Key', login.secretKeyArn),
  });
  const { contactPoints, localDataCenter } = sinks.cassandra;
  const nodes = { keyspace: 'user_events', contactPoints, localDataCenter };
  const made: Record<keyof typeof sinks, Sink> = {
    keyspaces: Sink.keyspaces({ keyspace: 'user_events' }),
    'keyspaces-login': Sink.keyspaces({
      keyspace: 'user_events',
      login: sinks['keyspaces-login'].login.secretArn,
    }),
    cassandra: Sink.cassandra({ ...nodes, login: secret }),
    'cassandra-open': Sink.cassandra({ ...nodes, tables: { replication: { dc1: 3 } } }),
  };
  for (const [name, sink] of Object.entries(made))
    deepStrictEqual(sink.settings, sinks[name as keyof typeof sinks], name);
});

test('a construct makes the resources of a stage with the same settings', () => {
  const kinds = (template: Template): string[] =>
    Object.values<{ Type: string }>(template.toJSON()['Resources'])
      .map(({ Type }) => Type)
      .sort();
  deepStrictEqual(kinds(templateWith()), kinds(templateOf(stage())));
});

test('the settings that a construct leaves out are those that a stage leaves out, as the props say', () => {
  const { properties = {} } = z.toJSONSchema(pipelineSettings, {
    io: 'input',
    unrepresentable: 'any',
  }) as { properties?: Record<string, { properties: Record<string, { default?: unknown }> }> };
  const source = readFileSync('infra/construct/props.ts', 'utf8');
  const durations: Readonly<Record<string, string>> = {
    batchingWindow: 'batchingWindowSeconds',
    timeout: 'timeoutSeconds',
    watermarkLag: 'watermarkLagSeconds',
  };
  const literal =
    /@default (Duration\.\w+\(\d+\)|'[^']*'|\d+|true|false|\{.*\})\n\s*\*\/\s*readonly (\w+)/g;
  let seen = 0;
  for (const [props, settings] of [
    ['MappingProps', 'mapping'],
    ['FunctionProps', 'function'],
    ['AlarmsProps', 'alarms'],
  ] as const) {
    const [, after = ''] = source.split(`interface ${props} {`);
    const [body = ''] = after.split('\n}\n');
    for (const [, told = '', name = ''] of body.matchAll(literal)) {
      const setting = properties[settings]?.properties[durations[name] ?? name] as {
        default?: unknown;
        otherwise?: unknown;
      };
      const value = new Function('Duration', `return ${told}`)(Duration);
      deepStrictEqual(
        value instanceof Duration ? value.toSeconds() : value,
        setting.default ?? setting.otherwise,
        `${props}.${name}`,
      );
      seen += 1;
    }
  }
  ok(seen >= 16, `${seen} defaults`);
});

test('all mistakes in the props are told together, with the path of the construct', () => {
  throws(
    () =>
      pipelineIn(stackOf(), {
        topic: '.',
        sink: Sink.cassandra({
          keyspace: 'e',
          contactPoints: ['10.0.0.1'],
          localDataCenter: 'dc1',
        }),
        source: KafkaSource.selfManaged({
          bootstrapServers: ['localhost:9092'],
          auth: KafkaAuth.plain(Secret.fromSecretNameV2(stackOf(), 'Login', 'kafka')),
        }),
        mapping: { batchingWindow: Duration.minutes(6), retryAttempts: -1 },
        lateness: { outOfOrderness: Duration.days(8) },
      }),
    ({ message }) => {
      deepStrictEqual(
        String(message)
          .split('\n')
          .map((line) => line.replace(/ \(given.*| must be an address on.*| whole ARN.*/, '')),
        [
          'The configuration of the user events pipeline Website/UserEvents is wrong:',
          '  - topic must be a topic’s name, 2 to 249 letters, digits and ._-, not beginning with .',
          '  - source.secretArn must be a secret’s',
          '  - mapping.batchingWindowSeconds must be a whole number, 0 to 300: AWS waits no longer',
          '  - environment: OUT_OF_ORDERNESS_SECONDS must be a whole number, 0 to 604800',
        ],
      );
      return true;
    },
  );
});

test('what only the deploy knows is accepted: a cluster, a secret, a key, a VPC and a topic of the same app, without account and region', () => {
  const stack = new Stack(testApp(), 'Website');
  const network = new Vpc(stack, 'Vpc') as IVpc;
  const nodes = new SecurityGroup(stack, 'Nodes', { vpc: network });
  const key = new Key(stack, 'Key');
  const cluster = new CfnCluster(stack, 'Cluster', {
    clusterName: 'website',
    kafkaVersion: '3.9.x',
    numberOfBrokerNodes: 2,
    brokerNodeGroupInfo: {
      clientSubnets: network.selectSubnets().subnetIds,
      instanceType: 'kafka.t3.small',
    },
  });
  const login = new Secret(stack, 'Login', {
    secretName: 'AmazonMSK_website',
    encryptionKey: key,
    secretStringValue: SecretValue.unsafePlainText('{}'),
  }) as ISecret;
  const alarmTopic = new Topic(stack, 'Alarms');
  const template = templateWith(
    {
      source: KafkaSource.msk(cluster, { auth: KafkaAuth.scram512(login) }),
      sink: Sink.cassandra({
        keyspace: 'events',
        contactPoints: [network.vpcId],
        localDataCenter: 'dc1',
        login,
      }),
      network: { vpc: network, database: { securityGroup: nodes } },
      encryptionKey: key,
      alarms: { topic: alarmTopic, silence: Duration.hours(1) },
    },
    stack,
  );
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    EventSourceArn: stack.resolve(cluster.attrArn),
    SourceAccessConfigurations: [
      { Type: 'SASL_SCRAM_512_AUTH', URI: stack.resolve(login.secretArn) },
    ],
  });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: stack.resolve(nodes.securityGroupId),
    FromPort: 9042,
  });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmActions: [stack.resolve(alarmTopic.topicArn)],
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    KmsKeyId: stack.resolve(key.keyArn),
  });
});

test('alarms, dashboard and outputs can be left out, and two pipelines have names of their own in one stack', () => {
  const stack = stackOf();
  const bare = { alarms: false, dashboard: false, outputs: false } as const;
  const first = pipelineIn(stack, bare);
  const sink = Sink.keyspaces({ keyspace: 'others' });
  new UserEventsPipeline(stack, 'Others', { ...least, ...bare, sink });
  const template = checked(stack);
  template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  deepStrictEqual(template.findOutputs('*'), {});
  deepStrictEqual([first.alarms, first.dashboard], [null, null]);
  const names = Object.values(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Description: 'Writes user events from Kafka to Cassandra' },
    }),
  ).map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME);
  deepStrictEqual(new Set(names).size, 2);
});

test('the metrics are those of the pipeline’s own name and mapping', () => {
  const stack = stackOf();
  const pipeline = pipelineIn(stack, { name: 'clicks' });
  const late = pipeline.metricLate({ period: Duration.hours(1) });
  deepStrictEqual(
    [late.namespace, late.metricName, late.dimensions, late.statistic, late.period.toHours()],
    ['UserEvents', 'late', { service: 'clicks' }, 'Sum', 1],
  );
  deepStrictEqual(
    [
      pipeline.metricRecords(),
      pipeline.metricWritten(),
      pipeline.metricBroken(),
      pipeline.metricFailed(),
      pipeline.metricWatermarkLag(),
      pipeline.metricOffsetLag(),
    ].map(({ metricName, statistic }) => `${metricName} ${statistic}`),
    [
      'records Sum',
      'written Sum',
      'broken Sum',
      'failed Sum',
      'watermarkLagMs Maximum',
      'MaxOffsetLag Maximum',
    ],
  );
  deepStrictEqual(pipeline.metricOffsetLag().dimensions, {
    EventSourceMappingUUID: pipeline.mappingId,
  });
});

test('readers can be granted the tables of Keyspaces and the failed batches, and nothing where there is nothing to grant', () => {
  const stack = stackOf();
  const reader = new Role(stack, 'Reader', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  const pipeline = pipelineIn(stack);
  pipeline.grantReadTables(reader);
  pipeline.grantReadFailedBatches(reader);
  const tables = ['operations', 'partition_watermarks', 'rejected_events', 'user_events'].map(
    (table) => `user_events/table/${table}`,
  );
  checked(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [stack.resolve(reader.roleName)],
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'cassandra:Select',
          Resource: ['system*', ...tables].map(
            (one) => `arn:aws:cassandra:eu-west-1:111122223333:/keyspace/${one}`,
          ),
        }),
        Match.objectLike({ Action: Match.arrayWith(['s3:GetObject*']) }),
      ]),
    },
  });
  const { contactPoints, localDataCenter } = sinks.cassandra;
  const other = new UserEventsPipeline(stack, 'Other', {
    ...least,
    sink: Sink.cassandra({ keyspace: 'e', contactPoints, localDataCenter }),
    onFailure: OnFailure.topic('failed'),
  });
  throws(() => other.grantReadTables(reader), /Website\/Other cannot grant .* GRANT/);
  throws(() => other.grantReadFailedBatches(reader), /no bucket and no queue/);
});

test('in a VPC the functions’ group can be let in by others, and outside there is none', () => {
  const stack = stackOf();
  const network = new Vpc(stack, 'Vpc') as IVpc;
  const inside = pipelineIn(stack, { network: { vpc: network } });
  new SecurityGroup(stack, 'Proxy', { vpc: network }).connections.allowFrom(inside, Port.tcp(443));
  checked(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: 443,
    SourceSecurityGroupId: stack.resolve(inside.connections.securityGroups[0]?.securityGroupId),
  });
  throws(() => pipelineIn(stackOf()).connections, /Website\/UserEvents has no connections/);
});

test('failed batches go to a bucket or a queue of others, which the role may write', () => {
  const stack = stackOf();
  const key = new Key(stack, 'Key');
  const bucket = new Bucket(stack, 'Mine', { encryptionKey: key }) as IBucket;
  const pipeline = pipelineIn(stack, { onFailure: OnFailure.bucket(bucket) });
  deepStrictEqual([pipeline.failedBatchesBucket, pipeline.failedBatchesQueue], [bucket, null]);
  const template = checked(stack);
  template.resourceCountIs('AWS::S3::Bucket', 1);
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    DestinationConfig: { OnFailure: { Destination: stack.resolve(bucket.bucketArn) } },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'kms:GenerateDataKey',
          Resource: stack.resolve(key.keyArn),
        }),
      ]),
    },
  });
  const other = stackOf();
  const queue = new Queue(other, 'Mine');
  pipelineIn(other, { onFailure: OnFailure.queue(queue) });
  checked(other).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    DestinationConfig: { OnFailure: { Destination: other.resolve(queue.queueArn) } },
  });
});

test('the function asks the registry that it is given, unless only the mapping is to', () => {
  const url = 'https://registry.example.org';
  const asking = (validate?: 'JSON'): unknown =>
    Object.values(
      templateWith({
        schemaRegistry: SchemaRegistry.confluent({
          url,
          auth: RegistryAuth.basic(secretArn),
          validate,
        }),
      }).findResources('AWS::Lambda::Function', {
        Properties: { Description: 'Writes user events from Kafka to Cassandra' },
      }),
    ).map(({ Properties }) => Properties.Environment.Variables.SCHEMA_REGISTRY_URL);
  deepStrictEqual([asking(), asking('JSON')], [[url], [undefined]]);
});

test('lateness is in the function’s variables, and a variable that is given by its name wins', () => {
  templateWith({
    lateness: {
      outOfOrderness: Duration.minutes(5),
      rule: 'batch',
      lateEvents: 'drop',
      maxFuture: Duration.seconds(30),
    },
    environment: { LATE_EVENTS: 'keep' },
  }).hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({
        OUT_OF_ORDERNESS_SECONDS: '300',
        LATENESS_RULE: 'batch',
        MAX_FUTURE_SECONDS: '30',
        LATE_EVENTS: 'keep',
      }),
    },
  });
});

test('tags of the pipeline reach its tables, mapping and bucket', () => {
  const stack = stackOf();
  Tags.of(pipelineIn(stack)).add('team', 'events');
  const template = checked(stack);
  for (const type of [
    'AWS::Cassandra::Table',
    'AWS::Lambda::EventSourceMapping',
    'AWS::S3::Bucket',
    'AWS::CloudWatch::Alarm',
  ])
    template.hasResourceProperties(type, {
      Tags: Match.arrayWith([{ Key: 'team', Value: 'events' }]),
    });
});

test('what loses data is warned of on the construct', () => {
  const stack = stackOf();
  pipelineIn(stack, { removalPolicy: RemovalPolicy.DESTROY });
  const [found] = Annotations.fromStack(stack).findWarning('/Website/UserEvents', Match.anyValue());
  match(String(found?.entry.data), /removal destroy: the tables/);
});

test('an authority whose secret has another key than the login’s is refused, for the settings have one', () => {
  const stack = stackOf();
  const ca = Secret.fromSecretAttributes(stack, 'Ca', {
    secretCompleteArn: plain.caSecretArn,
    encryptionKey: Key.fromKeyArn(stack, 'Key', plain.secretKeyArn.replace('00000', '11111')),
  });
  const auth = KafkaAuth.plain(secretArn, plain.secretKeyArn);
  throws(
    () => KafkaSource.selfManaged({ bootstrapServers, auth, ca }),
    /must be encrypted with one key/,
  );
  const open = KafkaAuth.plain(secretArn);
  const { settings } = KafkaSource.selfManaged({ bootstrapServers, auth: open, ca });
  match(String(settings['secretKeyArn']), /key\/11111/);
});

test('the command line finds the outputs of each pipeline in a stack, by the construct’s path', () => {
  const stack = stackOf();
  const group = new Construct(stack, 'Shop-1');
  pipelineIn(stack, { operate: true });
  new UserEventsPipeline(group, 'Orders', {
    ...least,
    operate: true,
    sink: Sink.keyspaces({ keyspace: 'orders' }),
  });
  const outputs = Object.entries(checked(stack).findOutputs('*')).map(([OutputKey, { Value }]) => ({
    OutputKey,
    OutputValue: JSON.stringify(Value),
  }));
  for (const [construct, keyspace] of [
    ['UserEvents', 'user_events'],
    ['Shop-1/Orders', 'orders'],
  ] as const) {
    const found = pipelineOutputs(outputs, { name: '', stackName: 'Website', construct });
    deepStrictEqual([...found.keys()].sort(), outputNames.toSorted());
    match(found.get('TableNames') ?? '', new RegExp(`^"${keyspace}\\.user_events,`));
  }
});
