import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import cdk from '../../cdk.json' with { type: 'json' };
import { readDeployConfig } from '../../infra/config/read-deploy-config.ts';
import { mistakesIn } from '../support/mistakes.ts';
import { sources, stage } from '../support/stages.ts';

test('the stages of cdk.json are right, and what they leave out is filled in', () => {
  for (const [name, given] of Object.entries(cdk.context.stages)) {
    const { topic, mapping, removal } = readDeployConfig(name, given);
    deepStrictEqual([topic, mapping.batchSize, removal], ['user-events', 1000, 'retain']);
  }
});

test('all mistakes are reported together, each with path, rule and value', () => {
  deepStrictEqual(
    mistakesIn({
      ...stage(),
      account: 1234,
      topic: '.hidden',
      mapping: {
        batchSize: 10_001,
        batchingWindowSeconds: 301,
        maxRecordAgeSeconds: 59,
        pollers: { minimum: 5 },
      },
      function: { memory: 64, timeoutSeconds: 900 },
      source: { kind: 'msk', clusterArn: 'x', auth: 'plain' },
      environment: { LATENESS_RULE: 'never' },
      onFailure: { kind: 'sns' },
    }),
    [
      'account must be an account’s 12 digits, in quotes (given 1234)',
      'topic must be a topic’s name, 2 to 249 letters, digits and ._-, not beginning with . (given ".hidden")',
      'source.auth must be one of iam, scram, mtls, none (given "plain")',
      'source.clusterArn must be an MSK cluster’s ARN (given "x")',
      'mapping.batchSize must be a whole number, 1 to 10000: AWS takes no larger batch (given 10001)',
      'mapping.batchingWindowSeconds must be a whole number, 0 to 300: AWS waits no longer (given 301)',
      'mapping.pollers must be on-demand, or an object with minimum, 1 to 200, and maximum, 1 to 2000 (given {"minimum":5})',
      'mapping.maxRecordAgeSeconds must be a whole number, 60 to 604800: AWS takes no other (given 59)',
      'onFailure.kind must be one of s3, sqs, topic, none (given "sns")',
      'function.memory must be a whole number, 128 to 10240 (given 64)',
      'function.timeoutSeconds must be a whole number, 30 to 840: with less, Lambda could kill an invocation while the database hangs; ' +
        'AWS takes no more for a Kafka mapping (given 900)',
      'environment: LATENESS_RULE must be `running` or `batch` (given "never")',
    ],
  );
});

test('a source of another kind than the four is refused', () => {
  deepStrictEqual(mistakesIn({ ...stage(), source: {} }), [
    'source.kind must be one of msk, msk-serverless, self-managed, demo (not given)',
  ]);
});

test('a secret for MSK is refused if its name does not begin with AmazonMSK_, or without its key', () => {
  const { secretArn } = sources['scram-256'];
  const { secretKeyArn: _, ...source } = { ...sources['msk-scram'], secretArn };
  deepStrictEqual(mistakesIn({ ...stage(), source }), [
    `source.secretArn must be the whole ARN of a secret whose name begins with AmazonMSK_ (given "${secretArn}")`,
    'source.secretKeyArn must be a KMS key’s ARN (not given)',
  ]);
});

test('another login than the role is refused for MSK Serverless', () => {
  const source = { ...sources['msk-serverless'], auth: 'scram' };
  deepStrictEqual(mistakesIn({ ...stage(), source }), ['source.auth must be iam (given "scram")']);
});

test('a self-managed source without ports, without its secret, or with eleven brokers is refused', () => {
  const broken = { kind: 'self-managed', auth: 'plain', bootstrapServers: ['kafka'] };
  deepStrictEqual(mistakesIn({ ...stage(), source: broken }), [
    'source.bootstrapServers.0 must be host:port, the port 1 to 65535 (given "kafka")',
    'source.secretArn must be a secret’s whole ARN, as in …:secret:name-AbCdEf (not given)',
  ]);
  const many = { ...sources['scram-256'], bootstrapServers: Array(11).fill('kafka:9092') };
  deepStrictEqual(mistakesIn({ ...stage(), source: many }).length, 1);
});

test('a self-managed source without a login is refused without a VPC', () => {
  const { vpc: _, ...source } = sources['none-vpc'];
  deepStrictEqual(mistakesIn({ ...stage(), source }), [
    'source.vpc must be given without a login: AWS reaches brokers without one only inside a VPC (not given)',
  ]);
});

test('a secret that is not named by its whole ARN is refused', () => {
  const partial = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:login';
  for (const secretArn of ['login', partial]) {
    const sink = { kind: 'keyspaces', keyspace: 'user_events', login: { secretArn } };
    deepStrictEqual(mistakesIn({ ...stage(), sink }), [
      `sink.login.secretArn must be a secret’s whole ARN, as in …:secret:name-AbCdEf (given "${secretArn}")`,
    ]);
  }
});

test('a setting that is no text in the JSON is a mistake, not a crash', () => {
  const environment = { OUT_OF_ORDERNESS_SECONDS: 60, BUCKET: null };
  deepStrictEqual(mistakesIn({ ...stage(), environment }), [
    'environment.OUT_OF_ORDERNESS_SECONDS must be text, in quotes (given 60)',
    'environment.BUCKET must be text, in quotes (given null)',
  ]);
});

test('an unknown name is a mistake, and its value, which may be a password, is not repeated', () => {
  const mistakes = mistakesIn({
    ...stage(),
    function: { vcp: 'vpc-00000001' },
    environment: { CASSANDRA_PASSWORD: 'secret' },
  });
  deepStrictEqual(
    mistakes.map((mistake) => mistake.replace(/of .*\?/, 'of …?')),
    [
      'function.vcp is not a setting (is it one of …?)',
      'environment.CASSANDRA_PASSWORD is not a setting (is it one of …?)',
    ],
  );
});

test('a wildcard in a name that the role’s policy takes is refused', () => {
  const clusterArn = sources['msk-iam'].clusterArn.replace('/example/', '/*/');
  deepStrictEqual(
    mistakesIn({
      ...stage(),
      source: { ...sources['msk-iam'], clusterArn },
      topic: '*events',
    }),
    [
      'topic must be a topic’s name, 2 to 249 letters, digits and ._-, not beginning with . (given "*events")',
      `source.clusterArn must be an MSK cluster’s ARN (given "${clusterArn}")`,
    ],
  );
});

test('nothing at all, or no object, is a mistake, not a crash', () => {
  for (const given of [undefined, null, 'prod', 7]) deepStrictEqual(mistakesIn(given).length, 1);
  deepStrictEqual(mistakesIn({}).length, 7);
});

test('a slip in a name is told with the name that was meant, and another unknown name with all that there are', () => {
  deepStrictEqual(
    mistakesIn({
      ...stage(),
      acount: '111122223333',
      environment: { LATE_EVENT: 'drop' },
      function: { memroy: 512, vpc: 'x' },
    }),
    [
      'function.memroy is not a setting (did you mean memory?)',
      'function.vpc is not a setting (is it one of memory, timeoutSeconds, logRetentionDays, reservedConcurrency, tracing?)',
      'environment.LATE_EVENT is not a setting (did you mean LATE_EVENTS?)',
      'acount is not a setting (did you mean account?)',
    ],
  );
});

test('a variable that is made of other settings is refused with the setting to give instead', () => {
  deepStrictEqual(
    mistakesIn({
      ...stage(),
      environment: { CASSANDRA_KEYSPACE: 'events', CONSUMER_GROUP_ID: 'x' },
    }),
    [
      'environment.CASSANDRA_KEYSPACE must not be given: it is made of sink.keyspace',
      'environment.CONSUMER_GROUP_ID must not be given: it is made of consumerGroup',
    ],
  );
});

test('an object whose kind is not told has its other mistakes reported too', () => {
  const schemaRegistry = { kind: 'confluent', url: 'http://registry', login: 'me' };
  deepStrictEqual(mistakesIn({ ...stage(), schemaRegistry }), [
    'schemaRegistry.auth must be one of none, basic, mtls (not given)',
    'schemaRegistry.url must be an https address without a login in it, of at most 10,000 letters, digits and -/*:_+=. ' +
      '(given "http://registry")',
    'schemaRegistry.login is not a setting (is it one of kind, url, caSecretArn, secretKeyArn, validate, auth, secretArn?)',
  ]);
});

test('a region that does not exist is refused', () => {
  const elsewhere = JSON.parse(JSON.stringify(stage()).replaceAll('eu-west-1', 'eu-south-9'));
  deepStrictEqual(mistakesIn(elsewhere), [
    'region must be a region of AWS: this version of aws-cdk-lib knows none of that name (given "eu-south-9"; ' +
      'did you mean eu-south-1?)',
  ]);
});

test('tags that AWS does not take are refused', () => {
  const rule =
    'tags must be an object of at most 50 texts: names of 1 to 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:; ' +
    'values of at most 256';
  deepStrictEqual(mistakesIn({ ...stage(), tags: 'team' }), [`${rule} (given "team")`]);
  for (const tags of [{ 'aws:team': 'x' }, { team: 7 }, { team: 'x'.repeat(257) }, { '': 'x' }])
    deepStrictEqual(mistakesIn({ ...stage(), tags }).length, 1, JSON.stringify(tags));
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`t${index}`, 'x']));
  deepStrictEqual(mistakesIn({ ...stage(), tags: many }).length, 1);
});
