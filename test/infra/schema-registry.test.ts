import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import { mistakesIn } from '../support/mistakes.ts';
import { stage as stageWith, templateOf } from '../support/stages.ts';

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

const stage = (schemaRegistry: object, environment: object = {}): object =>
  stageWith('scram-256', 'cassandra-open', 'internet', { schemaRegistry, environment });
/** Policies put resources of the same actions together. */
const allowsAmong = (given: object, action: string, resource: string): void =>
  allows(given, action, Match.arrayWith([resource]));
const registryOf = (given: object) => {
  const [mapping] = Object.values(
    templateOf(given).findResources('AWS::Lambda::EventSourceMapping'),
  );
  return mapping?.['Properties'].SelfManagedKafkaEventSourceConfig.SchemaRegistryConfig;
};
const allows = (given: object, Action: unknown, Resource: unknown): void =>
  templateOf(given).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action, Resource })]) },
  });
test('the mapping validates values with Glue, without a login, and the role may read that registry', () => {
  const given = stage({ ...glue, validate: 'JSON' });
  deepStrictEqual(registryOf(given), {
    SchemaRegistryURI: registryArn,
    EventRecordFormat: 'JSON',
    SchemaValidationConfigs: [{ Attribute: 'VALUE' }],
  });
  allows(given, ['glue:GetRegistry', 'glue:GetSchemaVersion'], registryArn);
  allows(given, 'glue:GetSchemaVersion', 'arn:aws:glue:eu-west-1:111122223333:schema/events/*');
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
  for (const secret of [secretArn, caSecretArn])
    allowsAmong(given, 'secretsmanager:GetSecretValue', secret);
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
  allows(given, ['glue:GetRegistry', 'glue:GetSchemaVersion'], registryArn);
  const asked = stageWith('scram-256', 'cassandra-open', 'internet', {
    environment: {
      SCHEMA_REGISTRY: 'confluent',
      SCHEMA_REGISTRY_URL: 'https://registry.example.org',
      SCHEMA_REGISTRY_AUTH: 'basic',
      SCHEMA_REGISTRY_SECRET_ARN: secretArn,
    },
  });
  allowsAmong(asked, 'secretsmanager:GetSecretValue', secretArn);
});

test('mistakes in a registry are reported, each with path and rule', () => {
  const url = 'https://user:secret@registry';
  deepStrictEqual(
    mistakesIn(stage({ ...glue, registryArn: registryArn.replace('eu-west', 'us-east') })),
    [
      'schemaRegistry.registryArn must be of the stack’s region, eu-west-1 ' +
        '(given "arn:aws:glue:us-east-1:111122223333:registry/events")',
    ],
  );
  deepStrictEqual(mistakesIn(stage({ ...glue, validate: 'AVRO' })), [
    'schemaRegistry.validate must be one of JSON, SOURCE (given "AVRO")',
  ]);
  deepStrictEqual(mistakesIn(stage({ ...confluent, url, auth: 'none' })).length, 2);
  deepStrictEqual(mistakesIn(stage({ ...confluent, secretArn: 'registry' })).length, 1);
  deepStrictEqual(mistakesIn(stage(confluent, { SCHEMA_REGISTRY_SECRET_ARN: 'name' })).length, 2);
  deepStrictEqual(mistakesIn(stage(confluent, { SCHEMA_REGISTRY: 'glue' })), [
    'schemaRegistry.kind must be glue where environment.SCHEMA_REGISTRY is, for the grants (given "confluent")',
  ]);
});
