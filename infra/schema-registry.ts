import { Fn } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { PipelineSettings } from './config/pipeline.ts';
import { registryEnvironment } from './config/registry-environment.ts';
import type { SchemaRegistry } from './config/schema-registry.ts';
import { acknowledge, allowing, grantSecret } from './grants.ts';

/** Makes the schema registry's part of the mapping's Kafka configuration; empty if the mapping validates nothing. */
export const schemaRegistryConfig = ({
  schemaRegistry,
}: Pick<PipelineSettings, 'schemaRegistry'>): {
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
      // A Glue registry accepts no access configuration, not even an empty list.
      ...(accessConfigs.length === 0 ? {} : { accessConfigs }),
    },
  };
};

const access = (registry: Extract<SchemaRegistry, { kind: 'confluent' }>) => [
  ...('secretArn' in registry
    ? [
        {
          type: registry.auth === 'basic' ? 'BASIC_AUTH' : 'CLIENT_CERTIFICATE_TLS_AUTH',
          uri: registry.secretArn,
        },
      ]
    : []),
  ...(registry.caSecretArn === undefined
    ? []
    : [{ type: 'SERVER_ROOT_CA_CERTIFICATE', uri: registry.caSecretArn }]),
];

/** Grants access to the registry to the role that mapping and function share. */
export const grantSchemaRegistry = (
  role: Role,
  config: Pick<PipelineSettings, 'schemaRegistry' | 'environment'>,
): void => {
  const { schemaRegistry } = config;
  const secrets = new Set([registryEnvironment(config).SCHEMA_REGISTRY_SECRET_ARN || undefined]);
  if (schemaRegistry?.kind === 'glue') {
    const { registryArn } = schemaRegistry;
    const schemas = `${Fn.join(':schema/', Fn.split(':registry/', registryArn, 2))}/*`;
    allowing(role)(['glue:GetRegistry', 'glue:GetSchemaVersion'], registryArn);
    allowing(role)(['glue:GetSchemaVersion'], schemas);
    acknowledge(
      role,
      schemas,
      'All schemas of the one registry: which come is told by the records.',
    );
  } else if (schemaRegistry?.validate !== undefined) {
    secrets.add(schemaRegistry.caSecretArn);
    if ('secretArn' in schemaRegistry) secrets.add(schemaRegistry.secretArn);
  }
  const secretKeyArn =
    schemaRegistry?.kind === 'confluent' ? schemaRegistry.secretKeyArn : undefined;
  for (const secretArn of secrets)
    if (secretArn !== undefined) grantSecret(role, { secretArn, secretKeyArn });
};
