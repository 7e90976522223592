import { deepStrictEqual, match, ok, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import cdk from '../../cdk.json' with { type: 'json' };
import { mappingConnection } from '../../cli/kafka/mapping-connection.ts';
import { pipelineOf } from '../../infra/config/pipeline-of-stage.ts';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { warnings } from '../../infra/config/warnings.ts';
import {
  KafkaAuth,
  KafkaSource,
  Sink,
  UserEventsPipeline,
  type UserEventsPipelineProps,
} from '../../infra/index.ts';
import { mistakesIn } from '../support/mistakes.ts';
import { sinks, sources, stage, templateOf } from '../support/stages.ts';
import { idsOf, resourcesOf } from '../support/template-order.ts';
import { testApp } from '../support/test-app.ts';

type Stage = Parameters<typeof stage>;
const operated = (
  source: Stage[0] = 'msk-iam',
  sink: Stage[1] = 'keyspaces',
  network: Stage[2] = 'internet',
  settings: object = {},
): object => stage(source, sink, network, { operate: true, ...settings });

const isOperate = (id: string): boolean => id.startsWith('Operate');

const variablesOf = (given: object): Record<string, unknown> => {
  const resources = resourcesOf(templateOf(given));
  const id = Object.keys(resources).find((one) => one.startsWith('OperateRunFunction')) ?? '';
  return Object(resources[id]?.Properties).Environment.Variables;
};

test('a stage has no function of operations unless it asks for one, and asking changes nothing of the rest', () => {
  for (const [source, sink, network] of [
    ['msk-iam', 'keyspaces', 'internet'],
    ['plain-ca', 'cassandra', 'vpc'],
  ] as const) {
    const without = resourcesOf(templateOf(stage(source, sink, network)));
    const all = resourcesOf(templateOf(operated(source, sink, network)));
    deepStrictEqual(Object.keys(without).filter(isOperate), []);
    const others = Object.fromEntries(Object.entries(all).filter(([id]) => !isOperate(id)));
    const [mapping = ''] = idsOf(others, 'AWS::Lambda::EventSourceMapping');
    // The mapping alone waits for it, as it does for all that is made.
    const { DependsOn: _, ...waits } = Object(others[mapping]);
    const { DependsOn: __, ...before } = Object(without[mapping]);
    deepStrictEqual(waits, before);
    deepStrictEqual({ ...others, [mapping]: null }, { ...without, [mapping]: null });
  }
});

test('nothing but people calls the function of operations: it has no trigger, no permission and no address', () => {
  const resources = resourcesOf(templateOf(operated()));
  const [id = ''] = Object.keys(resources).filter((one) => one.startsWith('OperateRunFunction'));
  const referring = Object.entries(resources).filter(
    ([one, { Properties }]) => one !== id && JSON.stringify(Properties ?? {}).includes(`"${id}"`),
  );
  deepStrictEqual(referring, []);
  const kinds = new Set(
    Object.keys(resources)
      .filter(isOperate)
      .map((one) => resources[one]?.Type),
  );
  deepStrictEqual([...kinds].sort(), [
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::Lambda::Function',
    'AWS::Logs::LogGroup',
    'AWS::S3::Bucket',
    'AWS::S3::BucketPolicy',
  ]);
});

test('the function of operations has the settings of the one that writes, the topic, the brokers and the bucket', async () => {
  const { OPERATE_BROKERS, OPERATE_BUCKET, OPERATE_TOPIC, ...same } = variablesOf(
    operated('plain-ca', 'cassandra'),
  );
  const resources = resourcesOf(templateOf(operated('plain-ca', 'cassandra')));
  const ingest = Object.keys(resources).find((one) => one.startsWith('IngestFunction')) ?? '';
  deepStrictEqual(same, Object(resources[ingest]?.Properties).Environment.Variables);
  deepStrictEqual(OPERATE_TOPIC, 'user-events');
  deepStrictEqual(Object.keys(Object(OPERATE_BUCKET)), ['Ref']);
  const { SelfManagedEventSource, SourceAccessConfigurations } = JSON.parse(
    String(OPERATE_BROKERS),
  );
  deepStrictEqual(
    SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS,
    sources['plain-ca'].bootstrapServers,
  );
  deepStrictEqual(
    SourceAccessConfigurations.map(({ Type }: { Type: string }) => Type),
    ['BASIC_AUTH', 'SERVER_ROOT_CA_CERTIFICATE'],
  );
});

test('the brokers of every source are described as Lambda’s API describes them, which leads to a connection', async () => {
  for (const [name, source] of Object.entries(sources)) {
    const brokers = JSON.parse(String(variablesOf(operated(name as Stage[0]))['OPERATE_BROKERS']));
    const template = templateOf(stage(name as Stage[0]));
    const access = brokers.SourceAccessConfigurations.map(
      ({ Type, URI }: { Type: string; URI: string }) => ({ Type, URI }),
    );
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ...('clusterArn' in source
        ? { EventSourceArn: brokers.EventSourceArn }
        : {
            SelfManagedEventSource: {
              Endpoints: {
                KafkaBootstrapServers:
                  brokers.SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS,
              },
            },
          }),
      ...(access.length === 0 ? {} : { SourceAccessConfigurations: Match.arrayWith(access) }),
    });
  }
  const open = JSON.parse(String(variablesOf(operated('none-vpc'))['OPERATE_BROKERS']));
  deepStrictEqual(await mappingConnection(open, 'eu-west-1'), {
    bootstrapServers: sources['none-vpc'].bootstrapServers,
  });
});

test('in a VPC it stands where the others do, with a group that opens the brokers’ ports and AWS besides', () => {
  for (const [source, ports] of [
    ['msk-iam', [9098]],
    ['msk-scram', [9096]],
    ['msk-none', [9092, 9094, 9098]],
    ['plain-ca', [9096]],
  ] as const) {
    const template = templateOf(operated(source, 'cassandra', 'vpc'));
    const functions = template.findResources('AWS::Lambda::Function');
    const vpcOf = (start: string) =>
      Object.entries(functions).find(([id]) => id.startsWith(start))?.[1]['Properties'].VpcConfig;
    deepStrictEqual(vpcOf('OperateRun').SubnetIds, vpcOf('IngestFunction').SubnetIds);
    deepStrictEqual(
      vpcOf('OperateRun').SecurityGroupIds.slice(0, -1),
      vpcOf('IngestFunction').SecurityGroupIds,
    );
    const [group] = Object.values(
      template.findResources('AWS::EC2::SecurityGroup', {
        Properties: { GroupDescription: 'The function that runs operations on user events' },
      }),
    );
    deepStrictEqual(
      group?.['Properties'].SecurityGroupEgress.map(
        ({ FromPort }: { FromPort: number }) => FromPort,
      ),
      [...ports, 443],
    );
  }
});

test('its files are private and encrypted, live for a week, and stay with the rest when the stack goes', () => {
  const bucket = (settings: object) => {
    const resources = resourcesOf(
      templateOf(operated('msk-iam', 'keyspaces', 'internet', settings)),
    );
    return Object.entries(resources).find(
      ([id, { Type }]) => isOperate(id) && Type === 'AWS::S3::Bucket',
    )?.[1] as unknown as { DeletionPolicy: string; Properties: Record<string, unknown> };
  };
  const { DeletionPolicy, Properties } = bucket({});
  deepStrictEqual(DeletionPolicy, 'RetainExceptOnCreate');
  deepStrictEqual(Properties['LifecycleConfiguration'], {
    Rules: [{ ExpirationInDays: 7, Status: 'Enabled' }],
  });
  deepStrictEqual(Properties['PublicAccessBlockConfiguration'], {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  match(
    JSON.stringify(bucket({ encryption: 'own-key' }).Properties['BucketEncryption']),
    /aws:kms/,
  );
  deepStrictEqual(bucket({ removal: 'destroy' }).DeletionPolicy, 'Delete');
});

test('a fourth group of one’s own is refused with operations, for AWS takes five', () => {
  const given = operated('msk-iam', 'keyspaces', 'vpc') as { network: object };
  const groups = (length: number) => ({
    ...given,
    network: {
      ...given.network,
      securityGroupIds: Array.from({ length }, (_, at) => `sg-0000000${at}`),
    },
  });
  readDeployConfig('test', groups(3));
  deepStrictEqual(mistakesIn(groups(4)), [
    'network.securityGroupIds must be at most 3 with operate, whose function has a group of its own besides: AWS takes five (given 4)',
  ]);
  readDeployConfig('test', { ...groups(4), operate: false });
});

test('brokers that make the variables longer than Lambda takes are refused by the switch that needs them there', () => {
  const source = {
    ...sources['scram-256'],
    bootstrapServers: Array.from(
      { length: 10 },
      (_, at) => `${'a'.repeat(60)}.${'b'.repeat(60)}.${at}x.example.org:9096`,
    ),
  };
  const environment = {
    SCHEMA_REGISTRY: 'confluent',
    SCHEMA_REGISTRY_URL: 'https://registry.example.org',
    SCHEMA_REGISTRY_CA: `-----BEGIN CERTIFICATE-----\n${'A'.repeat(2000)}`,
  };
  const given = stage('scram-256', 'keyspaces', 'internet', { source, environment });
  readDeployConfig('test', given);
  const [mistake = ''] = mistakesIn({ ...given, operate: true });
  match(
    mistake,
    /^operate must be false, or the variables shorter: .* 4,096 bytes .*\(given true, and \d{4} bytes\)$/,
  );
});

test('operations outside any VPC are warned of where the brokers are in one', () => {
  const named = (given: object): string[] =>
    warnings(pipelineOf(readDeployConfig('test', given))).map(([name]) => name);
  ok(named(operated('msk-iam')).includes('operate-outside'));
  ok(named(operated('none-vpc')).includes('operate-outside'));
  ok(!named(operated('scram-256')).includes('operate-outside'));
  ok(!named(operated('msk-iam', 'keyspaces', 'vpc')).includes('operate-outside'));
  ok(!named(stage('msk-iam')).includes('operate-outside'));
});

const { stages: _, ...flags } = cdk.context;
const construct = (props: Partial<UserEventsPipelineProps> = {}) => {
  const stack = new Stack(testApp(flags), 'Website', {
    env: { account: '111122223333', region: 'eu-west-1' },
  });
  const pipeline = new UserEventsPipeline(stack, 'UserEvents', {
    source: KafkaSource.msk(sources['msk-iam'].clusterArn, { auth: KafkaAuth.iam() }),
    topic: 'user-events',
    consumerGroup: 'group',
    sink: Sink.keyspaces(sinks.keyspaces),
    ...props,
  });
  return { stack, pipeline };
};

test('the construct gives the function of operations, and lets somebody call it: the function, its files and the outputs', () => {
  const { stack, pipeline } = construct({ operate: true });
  const role = new Role(stack, 'OnCall', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  pipeline.grantOperate(role);
  ok(pipeline.operateFunction !== null);
  process.env['CDK_VALIDATION'] = 'false';
  const template = Template.fromStack(stack);
  delete process.env['CDK_VALIDATION'];
  const [policy] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.startsWith('OnCall'),
  );
  const actions = policy?.[1]['Properties'].PolicyDocument.Statement.flatMap(
    ({ Action }: { Action: string | string[] }) => Action,
  );
  for (const action of ['lambda:InvokeFunction', 's3:PutObject', 'cloudformation:DescribeStacks'])
    ok(actions.includes(action), action);
  template.resourceCountIs('AWS::Lambda::Permission', 0);
});

test('a construct without operations has no function of theirs, and says so where it is asked for', () => {
  const { stack, pipeline } = construct();
  deepStrictEqual(pipeline.operateFunction, null);
  const role = new Role(stack, 'OnCall', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  throws(
    () => pipeline.grantOperate(role),
    /Website\/UserEvents has no function that runs operations: give it operate/,
  );
});

test('a construct in a VPC with too many groups for its function is refused', () => {
  const stack = new Stack(testApp(), 'Network', {
    env: { account: '111122223333', region: 'eu-west-1' },
  });
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-00000001',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-00000001'],
  });
  const securityGroups = Array.from({ length: 4 }, (__, at) =>
    SecurityGroup.fromSecurityGroupId(stack, `Group${at}`, `sg-0000000${at}`),
  );
  throws(
    () => construct({ operate: true, network: { vpc, securityGroups } }),
    /has 6 security groups, and AWS takes 5/,
  );
});
