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
      'topic must be a topic’s name (given ".hidden")',
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
      `source.secretArn must be the ARN of a secret whose name begins with AmazonMSK_ (given "${secretArn}")`,
      'source.secretKeyArn must be a KMS key’s ARN (not given)',
    ],
  );
});

test('a self-managed source has one to ten brokers with their ports, and a login', () => {
  const broken = { kind: 'self-managed', auth: 'none', bootstrapServers: ['kafka'] };
  deepStrictEqual(mistakesIn({ ...selfManaged, source: broken }), [
    'source.bootstrapServers must be a list of host:port, not empty (given ["kafka"])',
    'source.auth must be one of scram-256, scram-512, plain (given "none")',
    'source.secretArn must be a secret’s ARN (not given)',
  ]);
  const many = Array.from({ length: 11 }, () => 'kafka:9092');
  const { length } = mistakesIn({
    ...selfManaged,
    source: { ...selfManaged.source, bootstrapServers: many },
  });
  deepStrictEqual(length, 1);
});

test('a secret that is to be granted is named by its ARN', () => {
  const environment = { ...selfManaged.environment, CASSANDRA_SECRET_ARN: 'login' };
  deepStrictEqual(mistakesIn({ ...selfManaged, environment }), [
    'environment.CASSANDRA_SECRET_ARN must be a secret’s ARN (given "login")',
  ]);
});

test('nothing at all is every mistake, not a crash', () => {
  deepStrictEqual(mistakesIn(undefined).length > 10, true);
});
