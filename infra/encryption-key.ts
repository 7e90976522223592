import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

const use = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncrypt*',
  'kms:GenerateDataKey*',
  'kms:DescribeKey',
];

/** One key for what the stack keeps: the bucket or queue, the logs, the functions' variables, Keyspaces' tables. */
export const encryptionKey = (scope: Construct, removalPolicy: RemovalPolicy): Key => {
  const { region, account } = Stack.of(scope);
  const key = new Key(scope, 'Key', {
    description: 'User events: failed batches, logs, variables and tables',
    enableKeyRotation: true,
    removalPolicy,
  });
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logs.amazonaws.com')],
      actions: use,
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:*:logs:${region}:${account}:log-group:*`,
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
        StringEquals: {
          'kms:ViaService': `cassandra.${region}.amazonaws.com`,
          'kms:CallerAccount': account,
        },
      },
    }),
  );
  return key;
};
