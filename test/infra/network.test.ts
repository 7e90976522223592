import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Template } from 'aws-cdk-lib/assertions';
import { Match } from 'aws-cdk-lib/assertions';
import { sinks, stage, templateOf } from '../support/stages.ts';

type Rule = { FromPort?: number; ToPort?: number; CidrIp?: string } & Record<string, unknown>;

/** Lists every opening, as `direction port to-or-from`. */
const openings = (template: Template): string[] => {
  const resources = Object.entries(
    template.toJSON()['Resources'] as Record<
      string,
      { Type: string; Properties: Record<string, unknown> }
    >,
  );
  const show = (direction: string, rule: Rule): string => {
    const other =
      rule['DestinationSecurityGroupId'] ?? rule['SourceSecurityGroupId'] ?? rule.CidrIp;
    const name =
      typeof other === 'string'
        ? other
        : JSON.stringify(other).replace(/.*"Network(\w+?)[0-9A-F]{8}".*/, '$1');
    return `${direction} ${rule.FromPort}-${rule.ToPort} ${name}`;
  };
  return (
    resources
      .flatMap(([, { Type, Properties }]) => {
        if (Type === 'AWS::EC2::SecurityGroup')
          return ((Properties['SecurityGroupEgress'] as Rule[] | undefined) ?? []).map((rule) =>
            show('out', rule),
          );
        if (Type === 'AWS::EC2::SecurityGroupEgress') return [show('out', Properties)];
        if (Type === 'AWS::EC2::SecurityGroupIngress') return [show('in', Properties)];
        return [];
      })
      // The filter drops CDK's rule that nothing may go out.
      .filter((line) => !line.endsWith('255.255.255.255/32'))
      .sort()
  );
};

test('behind endpoints the function reaches Keyspaces and Secrets Manager, and nothing else', () => {
  const template = templateOf(stage('msk-iam', 'keyspaces-login', 'endpoints'));
  deepStrictEqual(openings(template), [
    'in 443-443 Function',
    'in 9142-9142 Function',
    'out 443-443 SecretsManagerEndpointGroup',
    'out 9142-9142 KeyspacesEndpointGroup',
  ]);
  for (const service of ['cassandra', 'secretsmanager'])
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: Match.stringLikeRegexp(`\\.${service}$`),
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
      SubnetIds: ['subnet-00000001', 'subnet-00000002'],
    });
});

test('without endpoints the same ports are open to anywhere, which a NAT gateway must lead to', () => {
  const template = templateOf(stage('msk-iam', 'keyspaces-login', 'vpc'));
  deepStrictEqual(openings(template), ['out 443-443 0.0.0.0/0', 'out 9142-9142 0.0.0.0/0']);
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 0);
});

test('Cassandra’s nodes let the function in, on the ports of the contact points', () => {
  deepStrictEqual(openings(templateOf(stage('msk-iam', 'cassandra-open', 'vpc'))), [
    'in 9042-9042 Function',
    'in 9043-9043 Function',
    'out 9042-9042 sg-00000002',
    'out 9043-9043 sg-00000002',
  ]);
});

test('Cassandra’s nodes are opened by their addresses where no group is named', () => {
  const given = stage('msk-iam', 'cassandra-open', 'vpc') as { network: object };
  const network = { ...given.network, database: { cidr: '10.1.0.0/16' } };
  deepStrictEqual(openings(templateOf({ ...given, network })), [
    'out 9042-9042 10.1.0.0/16',
    'out 9043-9043 10.1.0.0/16',
  ]);
});

test('the functions run in the subnets, in their own group and in those that are given', () => {
  const given = stage('msk-iam', 'cassandra', 'vpc') as { network: object };
  const network = { ...given.network, securityGroupIds: ['sg-00000009'] };
  const template = templateOf({ ...given, network, sink: sinks.cassandra });
  for (const Description of [
    'Writes user events from Kafka to Cassandra',
    'Makes or checks the tables of user events in Cassandra',
  ])
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description,
      VpcConfig: {
        SubnetIds: ['subnet-00000001', 'subnet-00000002'],
        SecurityGroupIds: [
          { 'Fn::GetAtt': [Match.stringLikeRegexp('^NetworkFunction'), 'GroupId'] },
          'sg-00000009',
        ],
      },
    });
});

test('a function that asks a schema registry reaches that too, and its secret', () => {
  const opened = (environment: object) =>
    openings(templateOf(stage('msk-iam', 'keyspaces', 'endpoints', { environment })));
  const keyspaces = ['in 9142-9142 Function', 'out 9142-9142 KeyspacesEndpointGroup'];
  const registry = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: 'http://registry:8081' };
  deepStrictEqual(opened(registry), [...keyspaces, 'out 8081-8081 0.0.0.0/0'].sort());
  deepStrictEqual(
    opened({
      ...registry,
      SCHEMA_REGISTRY_URL: 'https://registry',
      SCHEMA_REGISTRY_AUTH: 'basic',
      SCHEMA_REGISTRY_SECRET_ARN: sinks['keyspaces-login'].login.secretArn,
    }),
    [...keyspaces, 'out 443-443 0.0.0.0/0'].sort(),
  );
});

test('a function that asks the stage’s own registry reaches that and its secret', () => {
  const given = stage('msk-iam', 'keyspaces', 'endpoints', {
    schemaRegistry: {
      kind: 'confluent',
      url: 'https://registry.example.org:8443',
      auth: 'basic',
      secretArn: sinks['keyspaces-login'].login.secretArn,
    },
    environment: { SCHEMA_REGISTRY: 'confluent' },
  });
  deepStrictEqual(openings(templateOf(given)), [
    'in 9142-9142 Function',
    'out 443-443 0.0.0.0/0',
    'out 8443-8443 0.0.0.0/0',
    'out 9142-9142 KeyspacesEndpointGroup',
  ]);
});
