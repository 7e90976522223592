import { deepStrictEqual, notDeepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';

import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';
import { createTables, functionTableNames, operationsTable } from '../../schema/tables.ts';
import { sinks, stage, templateOf } from '../support/stages.ts';
import { testApp } from '../support/test-app.ts';

const keyspacesWith = (tables: object, settings: object = {}) =>
  templateOf(
    stage('msk-iam', 'keyspaces', 'internet', {
      sink: { ...sinks.keyspaces, tables },
      ...settings,
    }),
  );
const column = (ColumnName: string, ColumnType: string) => ({ ColumnName, ColumnType });

test('on Keyspaces the four tables are those of tables.cql', () => {
  const template = keyspacesWith({});
  template.resourceCountIs('AWS::Cassandra::Table', 4);
  template.hasResource('AWS::Cassandra::Table', {
    DeletionPolicy: 'RetainExceptOnCreate',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: 'user_events',
      PartitionKeyColumns: [column('user_id', 'uuid'), column('bucket_date', 'date')],
      ClusteringKeyColumns: [
        { Column: column('event_time', 'timestamp'), OrderBy: 'DESC' },
        { Column: column('event_type', 'text'), OrderBy: 'ASC' },
      ],
      RegularColumns: Match.arrayWith([
        column('event_id', 'uuid'),
        column('metadata', 'map<text, text>'),
      ]),
      BillingMode: { Mode: 'ON_DEMAND' },
      PointInTimeRecoveryEnabled: true,
      DefaultTimeToLive: Match.absent(),
      ClientSideTimestampsEnabled: Match.absent(),
      EncryptionSpecification: { EncryptionType: 'AWS_OWNED_KMS_KEY' },
    },
  });
  template.hasResourceProperties('AWS::Cassandra::Table', {
    TableName: 'partition_watermarks',
    PartitionKeyColumns: [
      column('consumer_group', 'text'),
      column('topic', 'text'),
      column('partition', 'int'),
    ],
    ClusteringKeyColumns: Match.absent(),
    RegularColumns: Match.arrayWith([column('earlier', 'frozen<map<bigint, timestamp>>')]),
    PointInTimeRecoveryEnabled: false,
  });
  template.hasResourceProperties('AWS::Cassandra::Table', {
    TableName: 'rejected_events',
    ClusteringKeyColumns: [{ Column: column('offset', 'bigint'), OrderBy: 'ASC' }],
    RegularColumns: Match.arrayWith([column('headers', 'frozen<list<frozen<tuple<text, blob>>>>')]),
    DefaultTimeToLive: 2_592_000,
  });
  template.hasResourceProperties('AWS::Cassandra::Table', {
    TableName: 'operations',
    PartitionKeyColumns: [column('scope', 'text')],
    ClusteringKeyColumns: [{ Column: column('item', 'text'), OrderBy: 'ASC' }],
    RegularColumns: Match.arrayWith([column('counts', 'frozen<map<text, bigint>>')]),
    PointInTimeRecoveryEnabled: false,
    DefaultTimeToLive: 7_776_000,
  });
  template.hasResource('AWS::Cassandra::Keyspace', { DeletionPolicy: 'RetainExceptOnCreate' });
});

test('the settings that change the schema change the tables', () => {
  const environment = { BUCKET: 'hour', EVENT_ID_IN_KEY: 'on', REJECTED_TTL_DAYS: '1' };
  const template = keyspacesWith({ userEventsTtlDays: 365 }, { environment });
  template.hasResourceProperties('AWS::Cassandra::Table', {
    TableName: 'user_events',
    PartitionKeyColumns: Match.arrayWith([column('bucket_hour', 'tinyint')]),
    ClusteringKeyColumns: Match.arrayWith([{ Column: column('event_id', 'uuid'), OrderBy: 'ASC' }]),
    DefaultTimeToLive: 31_536_000,
  });
  template.hasResourceProperties('AWS::Cassandra::Table', {
    TableName: 'rejected_events',
    DefaultTimeToLive: 86_400,
  });
});

test('the capacity of Keyspaces’ tables can be provisioned, and grows by itself', () => {
  const capacity = {
    read: { minimum: 10, maximum: 100 },
    write: { minimum: 50, maximum: 4000, targetPercent: 60 },
  };
  const template = keyspacesWith(
    { capacity, pointInTimeRecovery: false },
    { encryption: 'own-key' },
  );
  for (const TableName of functionTableNames)
    template.hasResourceProperties('AWS::Cassandra::Table', {
      TableName,
      BillingMode: {
        Mode: 'PROVISIONED',
        ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 50 },
      },
      AutoScalingSpecifications: {
        ReadCapacityAutoScaling: Match.objectLike({ MinimumUnits: 10, MaximumUnits: 100 }),
        WriteCapacityAutoScaling: {
          AutoScalingDisabled: false,
          MinimumUnits: 50,
          MaximumUnits: 4000,
          ScalingPolicy: { TargetTrackingScalingPolicyConfiguration: { TargetValue: 60 } },
        },
      },
    });
  // It is written seldom, and then fast.
  template.hasResourceProperties('AWS::Cassandra::Table', {
    TableName: operationsTable,
    BillingMode: { Mode: 'ON_DEMAND' },
    AutoScalingSpecifications: Match.absent(),
  });
  template.allResourcesProperties('AWS::Cassandra::Table', {
    PointInTimeRecoveryEnabled: false,
    EncryptionSpecification: {
      EncryptionType: 'CUSTOMER_MANAGED_KMS_KEY',
      KmsKeyIdentifier: Match.anyValue(),
    },
  });
});

test('a stage can leave the tables to others', () => {
  keyspacesWith({ create: false }).resourceCountIs('AWS::Cassandra::Table', 0);
  const sink = { ...sinks.cassandra, tables: { create: false } };
  templateOf({ ...stage(), sink }).resourceCountIs('Custom::CassandraTables', 0);
});

test('whoever deploys to Keyspaces reads beforehand how tables that an earlier stack has left are adopted', () => {
  const told = (given: object): number =>
    Annotations.fromStack(new UserEventsStack(testApp(), readDeployConfig('test', given))).findInfo(
      '*',
      Match.stringLikeRegexp('--import-existing-resources'),
    ).length;
  deepStrictEqual(told(stage()), 1);
  const sink = { ...sinks.keyspaces, tables: { create: false } };
  for (const without of [stage('msk-iam', 'cassandra'), { ...stage(), sink }])
    deepStrictEqual(told(without), 0);
});

test('the keyspace and the tables, which CloudFormation adopts by their names, have static names', () => {
  const template = templateOf(stage());
  for (const type of ['AWS::Cassandra::Keyspace', 'AWS::Cassandra::Table'])
    template.allResourcesProperties(type, { KeyspaceName: 'user_events' });
});

test('on Cassandra a function is given the statements, at each deploy that changes them', () => {
  const template = templateOf(stage('msk-iam', 'cassandra-open'));
  template.hasResourceProperties('Custom::CassandraTables', {
    Keyspace: 'user_events',
    Replication: { dc1: 3 },
    Tables: createTables(),
  });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: 'Makes or checks the tables of user events in Cassandra',
    Runtime: 'nodejs24.x',
    Environment: { Variables: Match.objectLike({ CASSANDRA_LOCAL_DATACENTER: 'dc1' }) },
  });
});

const customResources = (given: object): string[] =>
  Object.keys(templateOf(given).findResources('Custom::CassandraTables'));

test('on Cassandra another definition of the tables is another resource, so that a rollback deletes it and asks for nothing', () => {
  const withTables = (tables: object, settings: object = {}, more: object = {}) =>
    customResources(
      stage('msk-iam', 'cassandra', 'internet', {
        sink: { ...sinks.cassandra, tables, ...more },
        ...settings,
      }),
    );
  const before = withTables({});
  deepStrictEqual(withTables({}), before);
  for (const after of [
    withTables({ userEventsTtlDays: 30 }),
    withTables({ replication: { dc1: 3 } }),
    withTables({}, { environment: { REJECTED_TTL_DAYS: '1' } }),
    withTables({}, { environment: { BUCKET: 'hour' } }),
    withTables({}, {}, { keyspace: 'another' }),
    withTables({}, {}, { contactPoints: ['another.example.org'] }),
    withTables({}, {}, { localDataCenter: 'another' }),
  ]) {
    strictEqual(after.length, 1);
    notDeepStrictEqual(after, before);
  }
  // A setting that the tables do not depend on changes nothing.
  deepStrictEqual(withTables({}, { function: { memory: 1024 } }), before);
});
