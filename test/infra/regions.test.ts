import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { isKeyspaces } from '../../functions/ingest/cassandra/connection/client-options.ts';
import { readSettings } from '../../functions/ingest/settings/read-settings.ts';
import { functionEnvironment } from '../../infra/config/function-environment.ts';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { mistakesIn } from '../support/mistakes.ts';
import { stage, templateOf } from '../support/stages.ts';

/** Makes a stage whose resources are all in another region, and in that region's partition. */
const stageIn = (region: string, partition: string, settings: object = {}): object =>
  JSON.parse(
    JSON.stringify(stage('msk-iam', 'keyspaces', 'endpoints', settings))
      .replaceAll('eu-west-1', region)
      .replaceAll('arn:aws:', `arn:${partition}:`),
  );

interface Statement {
  readonly Principal: { readonly Service?: string };
  readonly Condition?: {
    readonly StringLike?: { readonly 'kms:ViaService': string | readonly string[] };
  };
}

for (const [region, partition, domain] of [
  ['eu-west-1', 'aws', 'amazonaws.com'],
  ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
  ['cn-northwest-1', 'aws-cn', 'amazonaws.com.cn'],
  ['eusc-de-east-1', 'aws-eusc', 'amazonaws.eu'],
] as const)
  test(`in ${region} endpoint, ARNs and the key’s policy are those of its partition`, () => {
    const template = templateOf(stageIn(region, partition, { encryption: 'own-key' }));
    const text = JSON.stringify(template.toJSON());
    ok(text.includes(`"CASSANDRA_CONTACT_POINTS":"cassandra.${region}.${domain}:9142"`));
    deepStrictEqual(
      [...new Set(text.match(/arn:aws[a-z-]*:/g))],
      [`arn:${partition}:`],
      'every ARN that is written out',
    );
    const [key] = Object.values(template.findResources('AWS::KMS::Key'));
    const statements: Statement[] = key?.['Properties'].KeyPolicy.Statement;
    ok(statements.some(({ Principal }) => Principal.Service === `logs.${region}.${domain}`));
    const via = statements.flatMap(
      ({ Condition }) => Condition?.StringLike?.['kms:ViaService'] ?? [],
    );
    ok(via.includes(`cassandra.*.${domain}`), 'AWS’s page: independent of any particular Region');
    ok(via.includes('cassandra.*.amazonaws.com'));
  });

test('the endpoint that a stage is given is one that the function knows as Keyspaces, in every region of CDK’s list', () => {
  const regions = RegionInfo.regions.filter(
    // AWS’s page about Keyspaces does not have the domains of the secret regions.
    ({ partition = '' }) => !partition.startsWith('aws-iso'),
  );
  ok(regions.length > 30);
  for (const { name, partition = '' } of regions) {
    const config = readDeployConfig('test', stageIn(name, partition));
    ok(isKeyspaces(readSettings(functionEnvironment(config, name))), name);
  }
});

test('an ARN of another partition than the region’s is refused', () => {
  const given = stageIn('cn-north-1', 'aws') as { source: { clusterArn: string } };
  deepStrictEqual(mistakesIn(given), [
    'source.clusterArn must be of the partition of region cn-north-1, as in arn:aws-cn:… ' +
      `(given "${given.source.clusterArn}")`,
  ]);
});

test('CloudFormation fills in region and domain where the region is known only at the deploy', () => {
  const template = templateOf({
    stackName: 'demo',
    topic: 'user-events',
    consumerGroup: 'group',
    source: { kind: 'demo' },
    sink: { kind: 'keyspaces', keyspace: 'demo' },
  });
  const [ingest] = Object.values(
    template.findResources('AWS::Lambda::Function', {
      Properties: { Description: 'Writes user events from Kafka to Cassandra' },
    }),
  );
  deepStrictEqual(ingest?.['Properties'].Environment.Variables.CASSANDRA_CONTACT_POINTS, {
    'Fn::Join': [
      '',
      ['cassandra.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }, ':9142'],
    ],
  });
});
