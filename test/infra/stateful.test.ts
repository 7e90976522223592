import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { stage, templateOf } from '../support/stages.ts';

interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly Properties: { readonly TableName?: string; readonly KeyspaceName?: unknown };
}

const resources = (given: object): [string, Resource][] =>
  Object.entries(templateOf(given).toJSON()['Resources']);

/** Lists the stateful resources: logical id, type, deletion policy, and the name of a table or keyspace. */
const stateful = (given: object): string[] =>
  resources(given)
    .filter(([, { Type }]) => /^AWS::(Cassandra|S3::Bucket$|SQS::Queue$|KMS)/.test(Type))
    .map(([id, { Type, DeletionPolicy, Properties }]) =>
      [id, Type, DeletionPolicy, Properties.TableName ?? Properties.KeyspaceName].join(' ').trim(),
    );

// A new logical id or name is a new table, bucket or key to CloudFormation, and an empty one.
test('tables, buckets, queues and keys keep their logical ids and names, and stay when the stack goes', () => {
  deepStrictEqual(stateful(stage('msk-iam', 'keyspaces', 'internet', { encryption: 'own-key' })), [
    'Key961B73FD AWS::KMS::Key RetainExceptOnCreate',
    'TablesKeyspace1AAEE3FF AWS::Cassandra::Keyspace RetainExceptOnCreate user_events',
    'Tablesuserevents6408E4B5 AWS::Cassandra::Table RetainExceptOnCreate user_events',
    'Tablespartitionwatermarks2706179F AWS::Cassandra::Table RetainExceptOnCreate partition_watermarks',
    'Tablesrejectedevents01BDB749 AWS::Cassandra::Table RetainExceptOnCreate rejected_events',
    'Tablesoperations0C2DAEFF AWS::Cassandra::Table RetainExceptOnCreate operations',
    'FailedBatches983C92EC AWS::S3::Bucket RetainExceptOnCreate',
  ]);
  deepStrictEqual(
    stateful(stage('msk-iam', 'cassandra', 'internet', { onFailure: { kind: 'sqs' } })),
    ['FailedBatches983C92EC AWS::SQS::Queue RetainExceptOnCreate'],
  );
});

// A new logical id is a new mapping, and AWS accepts no second one of a function, topic and brokers.
test('the event source mapping keeps its logical id', () => {
  const mappings = resources(stage()).filter(
    ([, { Type }]) => Type === 'AWS::Lambda::EventSourceMapping',
  );
  deepStrictEqual(
    mappings.map(([id]) => id),
    ['SourceMapping97F360AD'],
  );
});

test('with removal destroy, and in a demo, nothing stays', () => {
  const destroyed = stage('msk-iam', 'keyspaces', 'internet', {
    removal: 'destroy',
    encryption: 'own-key',
  });
  const demo = {
    stackName: 'demo',
    topic: 'user-events',
    consumerGroup: 'group',
    source: { kind: 'demo' },
    sink: { kind: 'keyspaces', keyspace: 'demo' },
  };
  for (const given of [destroyed, demo])
    deepStrictEqual(
      resources(given).filter(([, { DeletionPolicy }]) => DeletionPolicy?.startsWith('Retain')),
      [],
    );
});

test('failed batches are in a bucket that is private, encrypted, keeps what is deleted for a while, and is emptied by nobody', () => {
  const template = templateOf(stage());
  template.hasResourceProperties('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    VersioningConfiguration: { Status: 'Enabled' },
    LifecycleConfiguration: {
      Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 90 }, Status: 'Enabled' }],
    },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
      ],
    },
  });
  template.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
});
