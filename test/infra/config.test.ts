import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import cdk from '../../cdk.json' with { type: 'json' };
import { DeployConfigError, readDeployConfig } from '../../infra/config.ts';

const { example, 'example-self-managed': selfManaged } = cdk.context.stages;

const mistakesIn = (given: unknown): readonly string[] => {
  let mistakes: readonly string[] = [];
  throws(
    () => readDeployConfig('test', given),
    (error) => {
      if (!(error instanceof DeployConfigError)) return false;
      mistakes = error.mistakes;
      return true;
    },
  );
  return mistakes;
};

test('the example stages are right', () => {
  for (const stage of [example, selfManaged])
    deepStrictEqual(readDeployConfig('example', stage), stage);
});

test('all mistakes are reported together, each with path, rule and value', () => {
  deepStrictEqual(
    mistakesIn({
      ...example,
      account: 1234,
      topic: '.hidden',
      batchSize: 10_001,
      batchingWindowSeconds: 301,
      retryAttempts: -1,
      pollers: { minimum: 5, maximum: 4 },
      function: { memory: 64, timeoutSeconds: 900 },
      source: { kind: 'msk', clusterArn: 'x', auth: 'plain' },
      environment: { ...example.environment, LATENESS_RULE: 'never' },
    }),
    [
      'account must be an account’s 12 digits (given 1234)',
      'topic must be a topic’s name, 2 to 249 letters, digits and ._-, not beginning with . (given ".hidden")',
      'batchSize must be a whole number, 1 to 10000 (given 10001)',
      'batchingWindowSeconds must be a whole number, 0 to 300 (given 301)',
      'retryAttempts must be a whole number, 0 to 10000 (given -1)',
      'pollers.maximum must be at least pollers.minimum (5) (given 4)',
      'source.clusterArn must be an MSK cluster’s ARN (given "x")',
      'source.auth must be one of iam, scram (given "plain")',
      'function.memory must be a whole number, 128 to 10240 (given 64)',
      'function.timeoutSeconds must be a whole number, 1 to 840 (given 900)',
      'environment: LATENESS_RULE must be `running` or `batch` (given "never")',
    ],
  );
});

test('a source is of one of two kinds', () => {
  deepStrictEqual(mistakesIn({ ...example, source: {} }), [
    'source.kind must be one of msk, self-managed (not given)',
  ]);
});

test('MSK takes only secrets whose name begins with AmazonMSK_, encrypted with a key of one’s own', () => {
  const { secretArn } = selfManaged.source;
  deepStrictEqual(
    mistakesIn({ ...example, source: { ...example.source, auth: 'scram', secretArn } }),
    [
      `source.secretArn must be the whole ARN of a secret whose name begins with AmazonMSK_ (given "${secretArn}")`,
      'source.secretKeyArn must be a KMS key’s ARN (not given)',
    ],
  );
});

test('a self-managed source has one to ten brokers with their ports, and a login', () => {
  const broken = { kind: 'self-managed', auth: 'none', bootstrapServers: ['kafka'] };
  deepStrictEqual(mistakesIn({ ...selfManaged, source: broken }), [
    'source.bootstrapServers must be a list of host:port, not empty (given ["kafka"])',
    'source.auth must be one of scram-256, scram-512, plain (given "none")',
    'source.secretArn must be a secret’s whole ARN, as in …:secret:name-AbCdEf (not given)',
  ]);
  const many = Array.from({ length: 11 }, () => 'kafka:9092');
  const { length } = mistakesIn({
    ...selfManaged,
    source: { ...selfManaged.source, bootstrapServers: many },
  });
  deepStrictEqual(length, 1);
});

test('a secret that is to be granted is named by its ARN', () => {
  const partial = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:login';
  for (const given of ['login', partial]) {
    const environment = { ...selfManaged.environment, CASSANDRA_SECRET_ARN: given };
    deepStrictEqual(mistakesIn({ ...selfManaged, environment }), [
      `environment.CASSANDRA_SECRET_ARN must be a secret’s whole ARN, as in …:secret:name-AbCdEf (given "${given}")`,
    ]);
  }
});

test('a setting that is no text in the JSON is a mistake, not a crash', () => {
  const environment = { ...example.environment, OUT_OF_ORDERNESS_SECONDS: 60, BUCKET: null };
  deepStrictEqual(mistakesIn({ ...example, environment }), [
    'environment.OUT_OF_ORDERNESS_SECONDS must be text, in quotes (given 60)',
    'environment.BUCKET must be text, in quotes (given null)',
    'environment: BUCKET must be `day` or `hour` (given "null")',
  ]);
});

test('an unknown name is a mistake, and its value, which may be a password, is not repeated', () => {
  const { vpc, ...rest } = selfManaged.function;
  const mistakes = mistakesIn({
    ...selfManaged,
    function: { ...rest, vcp: vpc.id },
    environment: { ...selfManaged.environment, CASSANDRA_PASSWORD: 'secret' },
  });
  deepStrictEqual(
    mistakes.map((mistake) => mistake.replace(/of .*\?/, 'of …?')),
    [
      'function.vcp is not a setting (is it one of …?)',
      'environment.CASSANDRA_PASSWORD is not a setting (is it one of …?)',
    ],
  );
});

test('no name opens the role’s policy to others by a wildcard', () => {
  const clusterArn = example.source.clusterArn.replace('/example/', '/*/');
  deepStrictEqual(
    mistakesIn({
      ...example,
      source: { ...example.source, clusterArn },
      topic: '*events',
      environment: { ...example.environment, CONSUMER_GROUP_ID: 'user-*' },
    }),
    [
      'topic must be a topic’s name, 2 to 249 letters, digits and ._-, not beginning with . (given "*events")',
      `source.clusterArn must be an MSK cluster’s ARN (given "${clusterArn}")`,
      'environment.CONSUMER_GROUP_ID must be without * under IAM, which would take it for any group (given "user-*")',
    ],
  );
});

test('nothing at all is every mistake, not a crash', () => {
  deepStrictEqual(mistakesIn(undefined).length > 10, true);
});
