import { Fn } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { vpcConnectionOf } from './config/brokers.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import type { KafkaCluster, MskSource } from './config/source.ts';
import { allowing, grantNetworkInterfaces, grantSecret } from './grants.ts';

export interface KafkaGrants
  extends Pick<PipelineSettings, 'topic' | 'consumerGroup' | 'onFailure'> {
  readonly source: KafkaCluster;
}

/**
 * Grants the function's role what the event source mapping does with it at the source.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-msk-permissions.html
 */
export const grantKafka = (
  role: Role,
  { source, topic, consumerGroup, onFailure }: KafkaGrants,
): void => {
  if ('secretArn' in source) grantSecret(role, source);
  if (source.kind === 'self-managed') {
    const { caSecretArn, secretKeyArn } = source;
    if (caSecretArn !== undefined) grantSecret(role, { secretArn: caSecretArn, secretKeyArn });
    if (source.vpc !== undefined) grantNetworkInterfaces(role, 'the mapping');
    return;
  }
  grantNetworkInterfaces(role, 'the mapping');
  const allow = allowing(role);
  allow(
    [
      'kafka:DescribeCluster',
      'kafka:DescribeClusterV2',
      'kafka:GetBootstrapBrokers',
      ...(source.auth === 'scram' ? ['kafka:ListScramSecrets'] : []),
    ],
    source.clusterArn,
  );
  const vpcConnectionArn = vpcConnectionOf(source);
  if (vpcConnectionArn !== undefined) allow(['kafka:DescribeVpcConnection'], vpcConnectionArn);
  if (source.auth !== 'iam') return;
  allow(['kafka-cluster:Connect'], source.clusterArn);
  allow(['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], within(source, 'topic', topic));
  allow(
    ['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'],
    within(source, 'group', consumerGroup),
  );
  if (onFailure.kind === 'topic') {
    // https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure-destination.html
    allow(['kafka-cluster:DescribeCluster'], source.clusterArn);
    allow(
      ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData', 'kafka-cluster:WriteData'],
      within(source, 'topic', onFailure.topic),
    );
  }
};

/** Makes the ARN of a topic or group from that of its cluster, which may be a token: arn:…:topic/<name>/<uuid>/<topic>. */
export const within = (
  { clusterArn }: Pick<MskSource, 'clusterArn'>,
  kind: 'topic' | 'group',
  name: string,
): string => `${Fn.join(`:${kind}/`, Fn.split(':cluster/', clusterArn, 2))}/${name}`;
