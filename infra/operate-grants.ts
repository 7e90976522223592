import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { vpcConnectionOf } from './config/brokers.ts';
import type { PipelineSettings } from './config/pipeline.ts';
import type { KafkaCluster } from './config/source.ts';
import { acknowledge, allowing, grantSecret } from './grants.ts';
import { within } from './kafka-grants.ts';
import { grantSchemaRegistry } from './schema-registry.ts';

/**
 * Lets a role read the topic and the topic of failed batches, write what is redriven, and set the group back. Of logins other than IAM, the
 * brokers' own rules say what they may do.
 */
export const grantBrokers = (
  role: Role,
  {
    source,
    topic,
    consumerGroup,
    onFailure,
  }: Pick<PipelineSettings, 'topic' | 'consumerGroup' | 'onFailure'> & {
    readonly source: KafkaCluster;
  },
): void => {
  if ('secretArn' in source) grantSecret(role, source);
  if (source.kind === 'self-managed') {
    const { caSecretArn, secretKeyArn } = source;
    if (caSecretArn !== undefined) grantSecret(role, { secretArn: caSecretArn, secretKeyArn });
    return;
  }
  // A cluster of another account is reached by the mapping alone.
  if (vpcConnectionOf(source) !== undefined) return;
  const allow = allowing(role);
  allow(['kafka:GetBootstrapBrokers'], source.clusterArn);
  if (source.auth !== 'iam') return;
  allow(['kafka-cluster:Connect', 'kafka-cluster:WriteDataIdempotently'], source.clusterArn);
  for (const one of [topic, ...(onFailure.kind === 'topic' ? [onFailure.topic] : [])])
    allow(['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'], within(source, 'topic', one));
  allow(['kafka-cluster:WriteData'], within(source, 'topic', topic));
  allow(
    ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
    within(source, 'group', consumerGroup),
  );
};

/** Lets a role read the batches whose retries have ended, in a bucket or a queue, and delete those whose records are all redriven. */
export const grantFailedBatches = (
  role: Role,
  { bucket, queue }: { readonly bucket: IBucket | null; readonly queue: IQueue | null },
): void => {
  const allow = allowing(role);
  if (bucket !== null) {
    const all = bucket.arnForObjects('*');
    allow(['s3:DeleteObject', 's3:GetObject'], all);
    allow(['s3:ListBucket'], bucket.bucketArn);
    acknowledge(role, all, 'AWS chooses the names of the objects.');
  }
  if (queue !== null)
    allow(
      [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
      ],
      queue.queueArn,
    );
  const key = bucket?.encryptionKey ?? queue?.encryptionMasterKey;
  if (key !== undefined) allow(['kms:Decrypt'], key.keyArn);
};

/** Lets a role ask the registry that the function itself asks; what the mapping validates by is the mapping's. */
export const grantAskedRegistry = (
  role: Role,
  { schemaRegistry, environment }: Pick<PipelineSettings, 'schemaRegistry' | 'environment'>,
): void => {
  const isAsked = schemaRegistry?.kind === environment.SCHEMA_REGISTRY;
  grantSchemaRegistry(role, {
    environment,
    schemaRegistry:
      isAsked && schemaRegistry !== undefined
        ? { ...schemaRegistry, validate: undefined }
        : undefined,
  });
};
