import { deepStrictEqual, match } from 'node:assert/strict';
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
/** Tells whether a policy allows an action on a resource. Policies merge the resources of the same actions. */
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

test('the mapping logs in to a Confluent registry by a client certificate', () => {
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

const secretKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000';
const open = { kind: 'confluent', url: 'https://registry.example.org', auth: 'none' };
const validated = { ...confluent, validate: 'JSON' };

test('the role may decrypt the registry’s secrets with the key that a stage names', () => {
  allows(stage({ ...validated, caSecretArn, secretKeyArn }), 'kms:Decrypt', secretKeyArn);
  const asked = stage({ ...confluent, secretKeyArn }, { SCHEMA_REGISTRY: 'confluent' });
  allows(asked, 'kms:Decrypt', secretKeyArn);
  allows(
    stage({ ...open, validate: 'JSON', caSecretArn, secretKeyArn }),
    'kms:Decrypt',
    secretKeyArn,
  );
});

test('a function that asks the Confluent registry of the stage takes its address and login from there', () => {
  const variables = (given: object): Record<string, string> => {
    const [ingest] = Object.values(
      templateOf(given).findResources('AWS::Lambda::Function', {
        Properties: { Description: 'Writes user events from Kafka to Cassandra' },
      }),
    );
    return Object.fromEntries(
      Object.entries<string>(ingest?.['Properties'].Environment.Variables).filter(([name]) =>
        name.startsWith('SCHEMA_REGISTRY'),
      ),
    );
  };
  const asked = stage(confluent, { SCHEMA_REGISTRY: 'confluent' });
  deepStrictEqual(variables(asked), {
    SCHEMA_REGISTRY: 'confluent',
    SCHEMA_REGISTRY_URL: 'https://registry.example.org',
    SCHEMA_REGISTRY_AUTH: 'basic',
    SCHEMA_REGISTRY_SECRET_ARN: secretArn,
  });
  allowsAmong(asked, 'secretsmanager:GetSecretValue', secretArn);
  // An address that `environment` itself gives stays: no login goes to an address that it was not given for.
  const own = { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: 'https://other.example.org' };
  deepStrictEqual(variables(stage(validated, own)), own);
});

test('a Confluent registry that neither the mapping nor the function asks is refused, with the way', () => {
  for (const environment of [
    {},
    { SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: 'https://other.example.org' },
  ]) {
    const [mistake = '', ...further] = mistakesIn(stage(confluent, environment));
    match(mistake, /^schemaRegistry must be used or left out: give schemaRegistry/);
    deepStrictEqual(further, []);
  }
});

test('a secret of the registry that nothing would read, and a key without a secret, are refused', () => {
  const environment = { SCHEMA_REGISTRY: 'confluent' };
  deepStrictEqual(mistakesIn(stage({ ...confluent, caSecretArn }, environment)), [
    'schemaRegistry.caSecretArn must not be given without schemaRegistry.validate: only the mapping reads it, and the function ' +
      `takes the authority from environment.SCHEMA_REGISTRY_CA (given "${caSecretArn}")`,
  ]);
  deepStrictEqual(mistakesIn(stage({ ...open, secretKeyArn, validate: 'JSON' })), [
    `schemaRegistry.secretKeyArn must not be given without a secret: it would do nothing (given "${secretKeyArn}")`,
  ]);
});

test('secrets and keys of the registry are of the stack’s region, whether mapping or function reads them', () => {
  const elsewhere = (arn: string) => arn.replace('eu-west-1', 'us-east-1');
  const mistakes = mistakesIn(
    stage(
      {
        ...validated,
        secretArn: elsewhere(secretArn),
        caSecretArn: elsewhere(caSecretArn),
        secretKeyArn: elsewhere(secretKeyArn),
      },
      {
        SCHEMA_REGISTRY: 'confluent',
        SCHEMA_REGISTRY_URL: 'https://registry.example.org',
        SCHEMA_REGISTRY_AUTH: 'basic',
        SCHEMA_REGISTRY_SECRET_ARN: elsewhere(secretArn),
      },
    ),
  );
  deepStrictEqual(
    mistakes.toSorted(),
    [
      ['environment.SCHEMA_REGISTRY_SECRET_ARN', secretArn],
      ['schemaRegistry.caSecretArn', caSecretArn],
      ['schemaRegistry.secretArn', secretArn],
      ['schemaRegistry.secretKeyArn', secretKeyArn],
    ].map(
      ([path, arn = '']) =>
        `${path} must be of the stack’s region, eu-west-1 (given "${elsewhere(arn)}")`,
    ),
  );
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
  for (const url of [
    'https://registry:99999',
    'https://256.1.1.1',
    'https://registry/~',
    'https://',
  ])
    deepStrictEqual(mistakesIn(stage({ ...validated, url })), [
      'schemaRegistry.url must be an https address without a login in it, of at most 10,000 letters, digits and -/*:_+=. ' +
        `(given "${url}")`,
    ]);
  deepStrictEqual(
    mistakesIn(stage({ ...confluent, validate: 'JSON' }, { SCHEMA_REGISTRY_SECRET_ARN: 'name' }))
      .length,
    2,
  );
  deepStrictEqual(mistakesIn(stage(confluent, { SCHEMA_REGISTRY: 'glue' })), [
    'schemaRegistry.kind must be glue if environment.SCHEMA_REGISTRY is glue, so that the role may read the registry (given "confluent")',
  ]);
});
