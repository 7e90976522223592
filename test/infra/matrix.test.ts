import { deepStrictEqual, ok, throws } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { addChecks } from '../../infra/checks.ts';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import type { DeployConfig } from '../../infra/config/stage.ts';
import { tableNames } from '../../schema/tables.ts';
import { matrix, synthesise } from '../support/stages.ts';

const folder = mkdtempSync(join(tmpdir(), 'matrix-'));
after(() => rmSync(folder, { recursive: true }));

/** The actions that may be allowed on every resource: AWS has no resource for them, or none that is known before the deploy (infra/grants.ts). */
const onAnything = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeVpcs',
  'ec2:UnassignPrivateIpAddresses',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}
const allowed = (template: Template): { action: string; resource: unknown }[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[])
    .flatMap(({ Action, Resource }) =>
      [Action]
        .flat()
        .flatMap((action) => [Resource].flat().map((resource) => ({ action, resource }))),
    );

/** Asserts what holds for every stage. */
const hold = (template: Template, { source, sink, network }: DeployConfig): void => {
  const grants = allowed(template);
  for (const { action, resource } of grants)
    ok(resource !== '*' || onAnything.includes(action), `${action} on everything`);

  const mappings = Object.values(template.findResources('AWS::Lambda::EventSourceMapping'));
  deepStrictEqual(mappings.length, 1);
  const { SourceAccessConfigurations: accesses = [], Topics } = mappings[0]?.['Properties'] ?? {};
  deepStrictEqual(Topics, ['user-events']);
  const readable = grants
    .filter(({ action }) => action === 'secretsmanager:GetSecretValue')
    .map(({ resource }) => resource);
  const needed = [
    ...accesses.map(({ URI }: { URI: string }) => URI).filter((uri: string) => /^arn/.test(uri)),
    ...(sink.login === undefined ? [] : [sink.login.secretArn]),
  ];
  for (const secret of needed) ok(readable.includes(secret), `${secret} cannot be read`);

  const made = sink.tables.create ? 1 : 0;
  template.resourceCountIs(
    'AWS::Cassandra::Table',
    sink.kind === 'keyspaces' ? tableNames.length * made : 0,
  );
  template.resourceCountIs('Custom::CassandraTables', sink.kind === 'cassandra' ? made : 0);

  const functions = template.findResources('AWS::Lambda::Function', {
    Properties: { Description: 'Writes user events from Kafka to Cassandra' },
  });
  const [ingest] = Object.values(functions);
  deepStrictEqual('VpcConfig' in (ingest?.['Properties'] ?? {}), network !== undefined);
  template.resourceCountIs('AWS::MSK::Cluster', source.kind === 'demo' ? 1 : 0);
};

// `cdk synth` runs the same checks: AWS's solutions' rules (cdk-nag), and CDK's validation of the template.
for (const [index, [name, stages]] of Object.entries(matrix).entries())
  test(`all checks of cdk-nag and of the project pass for the stage ${name}`, () => {
    const templates = synthesise(stages, join(folder, `${index}`));
    for (const [at, template] of templates.entries())
      hold(template, readDeployConfig('test', stages[at]));
  });

test('a finding of cdk-nag fails the synth', () => {
  const app = new App({ outdir: join(folder, 'found') });
  addChecks(app);
  // This bucket accepts unencrypted requests, and logs no access.
  new Bucket(new Stack(app, 'Found'), 'Bucket');
  throws(() => app.synth(), /Validation failed/);
});
