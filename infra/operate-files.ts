import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge, allowing } from './grants.ts';

/** The days for which a file is kept: it was copied to whoever asked for it. */
const keptDays = 7;

/** The objects of the bucket: functions/operate/protocol.ts names them. */
const objects = 'runs/*';

/** Creates the bucket by which files go to the function that runs operations, and come back. */
export const operateBucket = (
  scope: Construct,
  id: string,
  { removalPolicy, key }: { readonly removalPolicy: RemovalPolicy; readonly key: IKey | undefined },
): IBucket => {
  const bucket = new Bucket(scope, id, {
    ...(key === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true }),
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(keptDays) }],
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Its files live for days; a log of accesses would need a bucket of its own.',
  });
  return bucket as IBucket;
};

/** Lets a role read and write the files. */
export const grantFiles = (role: Role, bucket: IBucket): void => {
  const allow = allowing(role);
  const all = bucket.arnForObjects(objects);
  allow(['s3:GetObject', 's3:PutObject'], all);
  const key = bucket.encryptionKey;
  if (key !== undefined) allow(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn);
  acknowledge(role, all, 'Whoever asks for a file names it.');
};
