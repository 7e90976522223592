import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { mistakesIn } from '../support/mistakes.ts';
import { sources, stage, templateOf } from '../support/stages.ts';

const own = '111122223333';
const foreign = '444455556666';
const connection = (account: string, cluster: string): string =>
  `arn:aws:kafka:eu-west-1:${account}:vpc-connection/${cluster}/00000000-0000-4000-8000-00000000000a-2`;

/** Makes a stage whose cluster belongs to another account. */
const crossing = (settings: object, login: 'msk-iam' | 'msk-scram' = 'msk-iam'): object => {
  const source = sources[login];
  const clusterArn = source.clusterArn.replace(own, foreign);
  return { ...stage(), source: { ...source, clusterArn, ...settings } };
};
const vpcConnectionArn = connection(own, `${foreign}/example`);

test('a cluster of another account is read by the ARN of a VPC connection to it', () => {
  templateOf(crossing({ vpcConnectionArn })).hasResourceProperties(
    'AWS::Lambda::EventSourceMapping',
    { EventSourceArn: vpcConnectionArn, SourceAccessConfigurations: Match.absent() },
  );
});

test('the secret and the key of a VPC connection’s cluster may be of either account', () => {
  const { secretArn, secretKeyArn } = sources['msk-scram'];
  for (const account of [own, foreign]) {
    const given = {
      vpcConnectionArn,
      secretArn: secretArn.replace(own, account),
      secretKeyArn: secretKeyArn.replace(own, account),
    };
    const { source } = readDeployConfig('test', crossing(given, 'msk-scram'));
    deepStrictEqual({ ...source, ...given }, source);
  }
});

test('a cluster of the same account in another VPC is read by a VPC connection', () => {
  const given = { ...sources['msk-iam'], vpcConnectionArn: connection(own, `${own}/example`) };
  const { source } = readDeployConfig('test', { ...stage(), source: given });
  deepStrictEqual({ ...source, ...given }, source);
});

test('without a VPC connection a cluster of another account is refused, with the way', () => {
  deepStrictEqual(mistakesIn(crossing({})), [
    `source.clusterArn must be of the stack’s account, ${own}: AWS reads a cluster of another account only by a VPC connection of this one; ` +
      `name it in source.vpcConnectionArn (given "${sources['msk-iam'].clusterArn.replace(own, foreign)}")`,
  ]);
});

test('a VPC connection of another account or region, or to another cluster, is refused', () => {
  const theirs = connection(foreign, `${foreign}/example`);
  deepStrictEqual(mistakesIn(crossing({ vpcConnectionArn: theirs })), [
    `source.vpcConnectionArn must be of the stack’s account, ${own}: a VPC connection belongs to the account that connects (given "${theirs}")`,
  ]);
  const another = connection(own, `${foreign}/another`);
  deepStrictEqual(mistakesIn(crossing({ vpcConnectionArn: another })), [
    `source.vpcConnectionArn must lead to the cluster of source.clusterArn, as in …:vpc-connection/${foreign}/example/… ` +
      `(given "${another}")`,
  ]);
  const elsewhere = vpcConnectionArn.replace('eu-west-1', 'us-east-1');
  deepStrictEqual(mistakesIn(crossing({ vpcConnectionArn: elsewhere })), [
    `source.vpcConnectionArn must be of the stack’s region, eu-west-1 (given "${elsewhere}")`,
  ]);
});

test('a VPC connection’s ARN in place of the cluster’s is refused, with the setting that it belongs to', () => {
  deepStrictEqual(mistakesIn(crossing({ clusterArn: vpcConnectionArn })), [
    'source.clusterArn must be an MSK cluster’s ARN; this is a VPC connection’s, which is vpcConnectionArn ' +
      `(given "${vpcConnectionArn}")`,
  ]);
});

test('MSK Serverless takes no VPC connection', () => {
  const source = { ...sources['msk-serverless'], vpcConnectionArn };
  deepStrictEqual(mistakesIn({ ...stage(), source }), [
    'source.vpcConnectionArn must not be given: AWS reads only provisioned clusters by a VPC connection; their source.kind is msk',
  ]);
});
