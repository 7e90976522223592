import { deepStrictEqual, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import cdk from '../../cdk.json' with { type: 'json' };
import { type DeployConfig, DeployConfigError, readDeployConfig } from '../../infra/config.ts';
import { refuseSilentDrops } from '../../infra/schema-registry.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';

const { example } = cdk.context.stages;
const registryArn = 'arn:aws:glue:eu-west-1:111122223333:registry/events';
const glue = { kind: 'glue', registryArn };
const secretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:registry-AbCdEf';
const caSecretArn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:authority-AbCdEf';
const confluent = {
  kind: 'confluent',
  url: 'https://registry.example.org',
  auth: 'basic',
  secretArn,
};

const stage = (schemaRegistry: object, environment: object = {}) => ({
  ...example,
  schemaRegistry,
  environment: { ...example.environment, ...environment },
});
const templateOf = (given: object): Template =>
  Template.fromStack(
    new UserEventsStack(
      new App({ context: { 'aws:cdk:bundling-stacks': [] } }),
      readDeployConfig('test', given) as DeployConfig,
    ),
  );
const registryOf = (given: object) => {
  const [mapping] = Object.values(
    templateOf(given).findResources('AWS::Lambda::EventSourceMapping'),
  );
  return mapping?.['Properties'].AmazonManagedKafkaEventSourceConfig.SchemaRegistryConfig;
};
const allows = (given: object, Action: unknown, Resource: unknown): void =>
  templateOf(given).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action, Resource })]) },
  });
const mistakesIn = (given: object): readonly string[] => {
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

test('the mapping validates values with Glue, without a login, and the role may read that registry', () => {
  const given = stage({ ...glue, validate: 'JSON' });
  deepStrictEqual(registryOf(given), {
    SchemaRegistryURI: registryArn,
    EventRecordFormat: 'JSON',
    SchemaValidationConfigs: [{ Attribute: 'VALUE' }],
  });
  allows(given, 'glue:GetRegistry', registryArn);
  allows(given, 'glue:GetSchemaVersion', [
    registryArn,
    'arn:aws:glue:eu-west-1:111122223333:schema/events/*',
  ]);
});

test('the mapping validates values with a Confluent registry, logs in and trusts its authority', () => {
  const given = stage({ ...confluent, caSecretArn, validate: 'SOURCE' });
  deepStrictEqual(registryOf(given), {
    SchemaRegistryURI: 'https://registry.example.org',
    EventRecordFormat: 'SOURCE',
    SchemaValidationConfigs: [{ Attribute: 'VALUE' }],
    AccessConfigs: [
      { Type: 'BASIC_AUTH', URI: secretArn },
      { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: caSecretArn },
    ],
  });
  const read = ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'];
  allows(given, read, secretArn);
  allows(given, read, caSecretArn);
});

test('a client certificate is the other login', () => {
  const given = stage({ ...confluent, auth: 'mtls', validate: 'JSON' });
  deepStrictEqual(registryOf(given).AccessConfigs, [
    { Type: 'CLIENT_CERTIFICATE_TLS_AUTH', URI: secretArn },
  ]);
});

test('a registry that only the function asks is granted, and the mapping has none', () => {
  const given = stage(glue, { SCHEMA_REGISTRY: 'glue' });
  deepStrictEqual(registryOf(given), undefined);
  allows(given, 'glue:GetRegistry', registryArn);
  allows(
    {
      ...example,
      environment: {
        ...example.environment,
        SCHEMA_REGISTRY: 'confluent',
        SCHEMA_REGISTRY_URL: 'https://registry.example.org',
        SCHEMA_REGISTRY_AUTH: 'basic',
        SCHEMA_REGISTRY_SECRET_ARN: secretArn,
      },
    },
    ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
    secretArn,
  );
});

test('a mapping that validates and has no destination is an error: it would drop records without a word', () => {
  const stack = new Stack(new App(), 'Test');
  const mapping = (id: string, properties: object) => {
    const made = new CfnEventSourceMapping(stack, id, { functionName: 'x', ...properties });
    refuseSilentDrops(made);
  };
  const kafka = {
    schemaRegistryConfig: { schemaRegistryUri: registryArn, eventRecordFormat: 'JSON' },
  };
  const destinationConfig = { onFailure: { destination: 'arn:aws:s3:::bucket' } };
  mapping('Silent', { amazonManagedKafkaEventSourceConfig: kafka });
  mapping('AlsoSilent', { selfManagedKafkaEventSourceConfig: kafka });
  mapping('Safe', { amazonManagedKafkaEventSourceConfig: kafka, destinationConfig });
  mapping('Plain', { amazonManagedKafkaEventSourceConfig: {} });
  deepStrictEqual(
    Annotations.fromStack(stack)
      .findError('*', Match.stringLikeRegexp('would drop what does not validate'))
      .map(({ id }) => id),
    ['/Test/Silent', '/Test/AlsoSilent'],
  );
});

test('mistakes in a registry are reported, each with path and rule', () => {
  const url = 'https://user:secret@registry';
  deepStrictEqual(
    mistakesIn(stage({ ...glue, registryArn: registryArn.replace('eu-west', 'us-east') })),
    [
      'schemaRegistry.registryArn must be a Glue registry’s ARN, of the stage’s region and account ' +
        '(given "arn:aws:glue:us-east-1:111122223333:registry/events")',
    ],
  );
  deepStrictEqual(mistakesIn(stage({ ...glue, validate: 'AVRO' })), [
    'schemaRegistry.validate must be one of JSON, SOURCE (given "AVRO")',
  ]);
  deepStrictEqual(mistakesIn(stage({ ...confluent, url, auth: 'none' })).length, 2);
  deepStrictEqual(mistakesIn(stage({ ...confluent, secretArn: 'registry' })).length, 1);
  deepStrictEqual(mistakesIn(stage(confluent, { SCHEMA_REGISTRY: 'glue' })), [
    'schemaRegistry.kind must be `glue` where environment.SCHEMA_REGISTRY is, for the grants (given "confluent")',
  ]);
});
