import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../functions/ingest/settings/read-settings.ts';
import { commitOf } from '../../infra/release.ts';
import { sinks, stage, templateOf } from '../support/stages.ts';

const variables = (given: object): Record<string, string> => {
  const functions = templateOf(given).findResources('AWS::Lambda::Function', {
    Properties: { Description: 'Writes user events from Kafka to Cassandra' },
  });
  const [resource] = Object.values(functions);
  return resource?.['Properties'].Environment.Variables;
};

test('the function runs on Node 24 and arm64, writes JSON to a log that ends, and is limited by nothing', () => {
  const template = templateOf(stage());
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    MemorySize: 512,
    Timeout: 60,
    LoggingConfig: { LogFormat: 'JSON' },
    ReservedConcurrentExecutions: Match.absent(),
    TracingConfig: Match.absent(),
    VpcConfig: Match.absent(),
    KmsKeyArn: Match.absent(),
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

test('the function has the memory, timeout, concurrency, tracing, retention and key that the stage gives', () => {
  const settings = {
    function: {
      memory: 1024,
      timeoutSeconds: 120,
      reservedConcurrency: 5,
      tracing: true,
      logRetentionDays: 7,
    },
    encryption: 'own-key',
  };
  const template = templateOf(stage('msk-iam', 'keyspaces', 'internet', settings));
  template.hasResourceProperties('AWS::Lambda::Function', {
    MemorySize: 1024,
    Timeout: 120,
    ReservedConcurrentExecutions: 5,
    TracingConfig: { Mode: 'Active' },
    KmsKeyArn: Match.anyValue(),
  });
  template.hasResourceProperties('AWS::Logs::LogGroup', {
    RetentionInDays: 7,
    KmsKeyId: Match.anyValue(),
  });
});

test('the function gets settings that it accepts, from every sink', () => {
  const common = {
    CONSUMER_GROUP_ID: 'user-events-to-cassandra',
    CASSANDRA_KEYSPACE: 'user_events',
    COMMIT: commitOf(),
  };
  const expected = {
    keyspaces: {
      CASSANDRA_CONTACT_POINTS: 'cassandra.eu-west-1.amazonaws.com:9142',
      CASSANDRA_LOCAL_DATACENTER: 'eu-west-1',
      CASSANDRA_AUTH: 'sigv4',
    },
    'keyspaces-login': {
      CASSANDRA_CONTACT_POINTS: 'cassandra.eu-west-1.amazonaws.com:9142',
      CASSANDRA_LOCAL_DATACENTER: 'eu-west-1',
      CASSANDRA_AUTH: 'password',
      CASSANDRA_SECRET_ARN: sinks['keyspaces-login'].login.secretArn,
    },
    cassandra: {
      CASSANDRA_CONTACT_POINTS: 'cassandra-1.example.org,cassandra-2.example.org:9043',
      CASSANDRA_LOCAL_DATACENTER: 'dc1',
      CASSANDRA_AUTH: 'password',
      CASSANDRA_TLS: 'on',
      CASSANDRA_SECRET_ARN: sinks.cassandra.login.secretArn,
    },
    'cassandra-open': {
      CASSANDRA_CONTACT_POINTS: 'cassandra-1.example.org,cassandra-2.example.org:9043',
      CASSANDRA_LOCAL_DATACENTER: 'dc1',
      CASSANDRA_AUTH: 'none',
      CASSANDRA_TLS: 'on',
    },
  };
  for (const [sink, database] of Object.entries(expected)) {
    const settings = { environment: { OUT_OF_ORDERNESS_SECONDS: '60' } };
    const given = stage('scram-256', sink as keyof typeof sinks, 'internet', settings);
    const { NODE_OPTIONS, MALLOC_ARENA_MAX, POWERTOOLS_SERVICE_NAME, ...own } = variables(given);
    deepStrictEqual(NODE_OPTIONS, '--enable-source-maps');
    deepStrictEqual(MALLOC_ARENA_MAX, '1');
    deepStrictEqual(POWERTOOLS_SERVICE_NAME, 'user-events-test');
    deepStrictEqual(own, { ...database, ...common, OUT_OF_ORDERNESS_SECONDS: '60' });
    deepStrictEqual(readSettings(own).outOfOrdernessMs, 60_000);
  }
});

for (const sink of ['keyspaces', 'cassandra'] as const)
  test(`a stage says who encodes batches, and the variable is not set by default: ${sink}`, () => {
    const encoder = (batches: object) =>
      variables({ ...stage('msk-iam', sink), sink: { ...sinks[sink], batches } })[
        'CASSANDRA_BATCHES'
      ];
    deepStrictEqual([{}, { encoder: 'frames' }, { encoder: 'driver' }].map(encoder), [
      undefined,
      undefined,
      'driver',
    ]);
  });
