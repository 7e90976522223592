import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import cdk from '../../cdk.json' with { type: 'json' };
import { templateOf } from '../support/stages.ts';
import { ancestors, idsOf, resourcesOf } from '../support/template-order.ts';

const template = templateOf(cdk.context.stages.demo);

test('the demo has the smallest cluster, in a VPC without a way out', () => {
  template.hasResourceProperties('AWS::MSK::Cluster', {
    NumberOfBrokerNodes: 2,
    BrokerNodeGroupInfo: Match.objectLike({ InstanceType: 'kafka.t3.small' }),
    ClientAuthentication: { Sasl: { Iam: { Enabled: true } } },
    EncryptionInfo: { EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true } },
  });
  template.resourceCountIs('AWS::EC2::NatGateway', 0);
  template.resourceCountIs('AWS::EC2::InternetGateway', 0);
});

test('the demo’s producer makes the topic before the mapping reads it, and events each minute', () => {
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: 'Makes user events for the demo',
    Environment: {
      Variables: Match.objectLike({ KAFKA_TOPIC: 'user-events', KAFKA_AUTH: 'iam', EVENTS: '600' }),
    },
  });
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)' });
  const [trigger = ''] = Object.keys(template.findResources('Custom::Trigger'));
  template.hasResource('AWS::Lambda::EventSourceMapping', {
    DependsOn: Match.arrayWith([trigger]),
    Properties: {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DemoCluster'), 'Arn'] },
    },
  });
});

test('the brokers’ group, which the mapping takes, lets itself in on Kafka’s port and out on 443, as docs/deploy.md asks of every cluster', () => {
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'The demo cluster, and the event source mapping, which takes its groups',
    SecurityGroupEgress: Match.arrayWith([
      Match.objectLike({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }),
    ]),
  });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    Description: 'The event source mapping',
    FromPort: 9098,
    ToPort: 9098,
  });
});

test('the producer is called first by the deploy, when its way to the brokers is open, and by the schedule only after that', () => {
  const resources = resourcesOf(template);
  const [trigger = ''] = idsOf(resources, 'Custom::Trigger');
  const beforeTrigger = ancestors(resources, trigger);
  for (const type of ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'])
    for (const rule of idsOf(resources, type))
      deepStrictEqual([rule, beforeTrigger.has(rule)], [rule, true]);
  const rules = idsOf(resources, 'AWS::Events::Rule');
  deepStrictEqual(
    rules.map((rule) => ancestors(resources, rule).has(trigger)),
    [true],
  );
});

test('the demo takes the region’s first two zones, or the two that a stage names', () => {
  const zones = (given: object) =>
    Object.values(templateOf(given).findResources('AWS::EC2::Subnet')).map(
      ({ Properties }) => Properties.AvailabilityZone,
    );
  deepStrictEqual(
    zones(cdk.context.stages.demo),
    [0, 1].map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })),
  );
  const named = ['us-east-1a', 'us-east-1d'];
  const source = { kind: 'demo', availabilityZones: named };
  deepStrictEqual(zones({ ...cdk.context.stages.demo, source }), named);
  const placed = { account: '111122223333', region: 'us-east-1' };
  deepStrictEqual(zones({ ...cdk.context.stages.demo, ...placed, source }), named);
});

test('the rights of a cluster whose ARN is not known yet are those of one that is', () => {
  const half = (index: number) => ({
    'Fn::Select': [index, { 'Fn::Split': [':cluster/', Match.anyValue()] }],
  });
  const arn = (kind: string, name: string) => ({
    'Fn::Join': ['', [{ 'Fn::Join': [`:${kind}/`, [half(0), half(1)]] }, `/${name}`]],
  });
  const allowed = (Action: unknown, Resource: unknown) =>
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action, Resource })]) },
    });
  allowed(['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], arn('topic', 'user-events'));
  allowed(
    ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
    arn('group', 'user-events-to-cassandra'),
  );
  allowed(
    ['kafka-cluster:CreateTopic', 'kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'],
    arn('topic', 'user-events'),
  );
});

test('a demo’s account and region are those of whoever deploys it', () => {
  const functions = template.findResources('AWS::Lambda::Function', {
    Properties: { Description: 'Writes user events from Kafka to Cassandra' },
  });
  const [ingest] = Object.values(functions);
  deepStrictEqual(ingest?.['Properties'].Environment.Variables.CASSANDRA_LOCAL_DATACENTER, {
    Ref: 'AWS::Region',
  });
});
