import { Annotations, Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Checks } from './checks.ts';
import type { DeployConfig } from './config.ts';

/**
 * Whether the event source mapping itself validates values against a registry, and how it hands them over: turned into JSON, or
 * as they were without the registry's header. What does not validate never reaches the function.
 */
interface MappingRegistry {
  readonly validate?: 'JSON' | 'SOURCE';
}

/** Where the schemas of the topic's values are. The function's own settings (SCHEMA_REGISTRY) say whether it asks there too. */
export type SchemaRegistryConfig = MappingRegistry &
  (
    | { readonly kind: 'glue'; readonly registryArn: string }
    | {
        readonly kind: 'confluent';
        readonly url: string;
        readonly auth: 'none' | 'basic' | 'mtls';
        readonly secretArn?: string;
        /** A secret `{"certificate": …}` with the authority of the registry's certificate. */
        readonly caSecretArn?: string;
      }
  );

const secretArn =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$/;
const wholeArn = 'a secret’s whole ARN, as in …:secret:name-AbCdEf';
const registryArn = /^arn:aws[a-z-]*:glue:([a-z0-9-]+):(\d{12}):registry\/[A-Za-z0-9_$#.-]+$/;

/** Checks `schemaRegistry` of a stage, and the function's settings that need it. */
export const checkSchemaRegistry = (checks: Checks): void => {
  const { at, keys, text, oneOf, mistake } = checks;
  const ask = at('environment.SCHEMA_REGISTRY');
  if (ask === 'glue' && at('schemaRegistry.kind') !== 'glue')
    mistake('schemaRegistry.kind', '`glue` where environment.SCHEMA_REGISTRY is, for the grants');
  const secret = at('environment.SCHEMA_REGISTRY_SECRET_ARN');
  // A name alone cannot be granted.
  if (typeof secret === 'string' && secret !== '' && !secretArn.test(secret))
    mistake('environment.SCHEMA_REGISTRY_SECRET_ARN', wholeArn);
  if (at('schemaRegistry') === undefined) return;

  oneOf('schemaRegistry.kind', 'glue', 'confluent');
  if (at('schemaRegistry.validate') !== undefined)
    oneOf('schemaRegistry.validate', 'JSON', 'SOURCE');
  if (at('schemaRegistry.kind') === 'glue') {
    keys('schemaRegistry', 'kind', 'registryArn', 'validate');
    const [, region, account] = registryArn.exec(String(at('schemaRegistry.registryArn'))) ?? [];
    // The mapping takes no other.
    if (region === undefined || region !== at('region') || account !== at('account'))
      mistake(
        'schemaRegistry.registryArn',
        'a Glue registry’s ARN, of the stage’s region and account',
      );
    return;
  }
  const login = at('schemaRegistry.auth') === 'none' ? [] : ['secretArn'];
  keys('schemaRegistry', 'kind', 'url', 'auth', 'caSecretArn', 'validate', ...login);
  text('schemaRegistry.url', /^https:\/\/[^\s@?#]+$/, 'an https address without a login in it');
  oneOf('schemaRegistry.auth', 'none', 'basic', 'mtls');
  if (login.length > 0) text('schemaRegistry.secretArn', secretArn, wholeArn);
  if (at('schemaRegistry.caSecretArn') !== undefined)
    text('schemaRegistry.caSecretArn', secretArn, wholeArn);
};

/** The part of the mapping's Kafka configuration; empty where it validates nothing. */
export const schemaRegistryConfig = ({
  schemaRegistry,
}: DeployConfig): {
  schemaRegistryConfig?: CfnEventSourceMapping.SchemaRegistryConfigProperty;
} => {
  if (schemaRegistry?.validate === undefined) return {};
  const accessConfigs = schemaRegistry.kind === 'glue' ? [] : access(schemaRegistry);
  return {
    schemaRegistryConfig: {
      schemaRegistryUri:
        schemaRegistry.kind === 'glue' ? schemaRegistry.registryArn : schemaRegistry.url,
      eventRecordFormat: schemaRegistry.validate,
      schemaValidationConfigs: [{ attribute: 'VALUE' }],
      // Glue's takes none, not even an empty list.
      ...(accessConfigs.length === 0 ? {} : { accessConfigs }),
    },
  };
};

const access = ({
  auth,
  secretArn: login,
  caSecretArn,
}: SchemaRegistryConfig & { kind: 'confluent' }) => [
  ...(login === undefined
    ? []
    : [{ type: auth === 'basic' ? 'BASIC_AUTH' : 'CLIENT_CERTIFICATE_TLS_AUTH', uri: login }]),
  ...(caSecretArn === undefined ? [] : [{ type: 'SERVER_ROOT_CA_CERTIFICATE', uri: caSecretArn }]),
];

/** What the role may, for the mapping and for the function alike: it is theirs both. */
export const grantSchemaRegistry = (
  scope: Construct,
  role: IRole,
  { schemaRegistry, environment }: DeployConfig,
): void => {
  const allow = (actions: string[], resources: string[]) =>
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  const secrets = new Set([environment.SCHEMA_REGISTRY_SECRET_ARN]);
  if (schemaRegistry?.kind === 'glue') {
    const { registryArn: arn } = schemaRegistry;
    allow(['glue:GetRegistry'], [arn]);
    allow(['glue:GetSchemaVersion'], [arn, `${arn.replace(':registry/', ':schema/')}/*`]);
  } else if (schemaRegistry?.validate !== undefined)
    secrets.add(schemaRegistry.secretArn).add(schemaRegistry.caSecretArn);
  for (const [index, arn] of [...secrets].filter(Boolean).entries())
    Secret.fromSecretCompleteArn(scope, `RegistryLogin${index}`, arn ?? '').grantRead(role);
};

/**
 * What the mapping cannot validate it drops without a word where it has no destination.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-consume-kafka-events.html
 */
export const refuseSilentDrops = (mapping: CfnEventSourceMapping): void => {
  const { amazonManagedKafkaEventSourceConfig, selfManagedKafkaEventSourceConfig } = mapping;
  const kafka = Stack.of(mapping).resolve(
    amazonManagedKafkaEventSourceConfig ?? selfManagedKafkaEventSourceConfig,
  );
  if (kafka?.schemaRegistryConfig !== undefined && mapping.destinationConfig === undefined)
    Annotations.of(mapping).addError(
      'The mapping validates values against a schema registry and has no on-failure destination: AWS would drop what ' +
        'does not validate without a word. Give it a destination, or take `validate` out of the stage’s schemaRegistry.',
    );
};
