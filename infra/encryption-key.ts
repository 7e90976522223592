import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { domainOf } from './config/regions.ts';

const use = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:DescribeKey',
];

/** The domain on AWS's page about Keyspaces; another partition may have its own. */
const publicDomain = 'amazonaws.com';
const keyspacesIn = (domain: string): string => `cassandra.*.${domain}`;

/** Creates one key for all data of the stack: the bucket or queue, the logs, the functions' variables, Keyspaces' tables. */
export const encryptionKey = (scope: Construct, removalPolicy: RemovalPolicy): Key =>
  new Key(scope, 'Key', {
    description: 'User events: failed batches, logs, variables and tables',
    enableKeyRotation: true,
    removalPolicy,
  });

/** Lets CloudWatch's logs and Keyspaces use a key. The policy of a key of another stack or app is left as it is. */
export const letServicesUse = (key: IKey, scope: Construct): void => {
  const { region, account, partition } = Stack.of(scope);
  const domain = domainOf(region);
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${region}.${domain}`)],
      actions: use,
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
        },
      },
    }),
  );
  // https://docs.aws.amazon.com/keyspaces/latest/devguide/encryption.customermanaged.html
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: [...use, 'kms:CreateGrant'],
      resources: ['*'],
      conditions: {
        // AWS's page: the name "must be independent of any particular Region".
        StringLike: { 'kms:ViaService': [...new Set([publicDomain, domain])].map(keyspacesIn) },
        StringEquals: { 'kms:CallerAccount': account },
      },
    }),
  );
};
