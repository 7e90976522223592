import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { OnFailure } from './config/on-failure.ts';
import { acknowledge, allowing } from './grants.ts';

interface Destination {
  /** As `DestinationConfig` names it; null: there is none. */
  readonly name: string | null;
  /** As its own service names it, for people: a bucket’s name, a queue’s address; null: there is none. */
  readonly shown: string | null;
  /** The bucket or queue that the stack makes for it; null: it makes none. */
  readonly made: Bucket | Queue | null;
  /** Lets the mapping, which has the function's role, put there what failed. */
  grant(role: Role): void;
}

/**
 * Where batches go whose retries have ended, and events that are too large for a batch. S3 and a topic keep the records
 * themselves. https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export const onFailureDestination = (
  scope: Construct,
  onFailure: OnFailure,
  options: { readonly removalPolicy: RemovalPolicy; readonly key: IKey | undefined },
): Destination => {
  if (onFailure.kind === 'none') return { name: null, shown: null, made: null, grant() {} };
  // The role's grants for a topic are those of the source (kafka-grants.ts).
  if (onFailure.kind === 'topic') {
    const name = `kafka://${onFailure.topic}`;
    return { name, shown: name, made: null, grant() {} };
  }
  return onFailure.kind === 's3' ? bucket(scope, options) : queue(scope, options);
};

type Options = Parameters<typeof onFailureDestination>[2];

/** Days for which a batch that was deleted or overwritten can be had back. */
const deletedDays = 90;

const bucket = (scope: Construct, { removalPolicy, key }: Options): Destination => {
  const failed = new Bucket(scope, 'FailedBatches', {
    ...(key === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    // As AWS advises: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
    versioned: true,
    lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(deletedDays) }],
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
  });
  Validations.of(failed).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Only the function’s role writes here, and only failures; a log of accesses would need a bucket of its own.',
  });
  return {
    name: failed.bucketArn,
    shown: failed.bucketName,
    made: failed,
    grant(role) {
      const allow = allowing(role);
      // The bucket's name is for anybody to take, once it is deleted: failed batches go to no other account.
      const own = { StringEquals: { 's3:ResourceAccount': Stack.of(scope).account } };
      allow(['s3:PutObject'], failed.arnForObjects('*'), own);
      allow(['s3:ListBucket'], failed.bucketArn, own);
      if (key !== undefined) allow(['kms:GenerateDataKey'], key.keyArn);
      acknowledge(role, failed.arnForObjects('*'), 'AWS chooses the names of the objects.');
    },
  };
};

/** The longest that SQS keeps a message. */
const queueDays = 14;

const queue = (scope: Construct, { removalPolicy, key }: Options): Destination => {
  const failed = new Queue(scope, 'FailedBatches', {
    retentionPeriod: Duration.days(queueDays),
    enforceSSL: true,
    ...(key === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: key }),
    removalPolicy,
  });
  Validations.of(failed).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is a queue of failures itself: nothing reads it but a person.',
  });
  return {
    name: failed.queueArn,
    shown: failed.queueUrl,
    made: failed,
    grant(role) {
      allowing(role)(['sqs:SendMessage'], failed.queueArn);
      if (key !== undefined) allowing(role)(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn);
    },
  };
};
