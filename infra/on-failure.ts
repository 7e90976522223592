import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { OnFailure } from './config/on-failure.ts';
import { acknowledge, allowing } from './grants.ts';

interface Destination {
  /** The destination as `DestinationConfig` names it; null without one. */
  readonly name: string | null;
  /** The destination as people name it: a bucket’s name, a queue’s address; null without one. */
  readonly shown: string | null;
  readonly bucket: IBucket | null;
  readonly queue: IQueue | null;
  /** Lets the mapping, which acts with the function's role, write failed batches to the destination. */
  grant(role: Role): void;
}

/**
 * Creates the destination of batches that failed all retries, and of records that are too large for an event. S3 and a
 * topic keep the records themselves. https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export const onFailureDestination = (
  scope: Construct,
  onFailure: OnFailure,
  options: {
    readonly removalPolicy: RemovalPolicy;
    readonly key: IKey | undefined;
    /** The bucket or queue of others; without it, one is made. */
    readonly bucket?: IBucket | undefined;
    readonly queue?: IQueue | undefined;
  },
): Destination => {
  const none = { bucket: null, queue: null, grant() {} };
  if (onFailure.kind === 'none') return { name: null, shown: null, ...none };
  // kafka-grants.ts grants the role access to an on-failure topic.
  if (onFailure.kind === 'topic') {
    const name = `kafka://${onFailure.topic}`;
    return { name, shown: name, ...none };
  }
  return onFailure.kind === 's3'
    ? inBucket(scope, options.bucket ?? (makeBucket(scope, options) as IBucket))
    : inQueue(options.queue ?? makeQueue(scope, options));
};

type Options = Parameters<typeof onFailureDestination>[2];

/** The days for which a deleted or overwritten batch can be restored. */
const deletedDays = 90;

const makeBucket = (scope: Construct, { removalPolicy, key }: Options): Bucket => {
  const failed = new Bucket(scope, 'FailedBatches', {
    ...(key === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    // AWS advises versioning: https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
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
  return failed;
};

const inBucket = (scope: Construct, bucket: IBucket): Destination => ({
  name: bucket.bucketArn,
  shown: bucket.bucketName,
  bucket,
  queue: null,
  grant(role) {
    const allow = allowing(role);
    // Anybody can take the name of a deleted bucket: failed batches go to no other account.
    const own = { StringEquals: { 's3:ResourceAccount': Stack.of(scope).account } };
    allow(['s3:PutObject'], bucket.arnForObjects('*'), own);
    allow(['s3:ListBucket'], bucket.bucketArn, own);
    const key = bucket.encryptionKey;
    if (key !== undefined) allow(['kms:GenerateDataKey'], key.keyArn);
    acknowledge(role, bucket.arnForObjects('*'), 'AWS chooses the names of the objects.');
  },
});

/** The days for which a message is kept: SQS's maximum. */
const queueDays = 14;

const makeQueue = (scope: Construct, { removalPolicy, key }: Options): Queue => {
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
  return failed;
};

const inQueue = (queue: IQueue): Destination => ({
  name: queue.queueArn,
  shown: queue.queueUrl,
  bucket: null,
  queue,
  grant(role) {
    allowing(role)(['sqs:SendMessage'], queue.queueArn);
    const key = queue.encryptionMasterKey;
    if (key !== undefined) allowing(role)(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn);
  },
});
