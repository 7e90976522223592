import type { PipelineSettings } from './pipeline.ts';

type Given = Pick<PipelineSettings, 'environment' | 'schemaRegistry'>;

/** Makes the variables by which the function asks the Confluent registry of `schemaRegistry`; null for another kind, or none. */
const variablesOf = (schemaRegistry: Given['schemaRegistry']) =>
  schemaRegistry?.kind === 'confluent'
    ? {
        SCHEMA_REGISTRY_URL: schemaRegistry.url,
        SCHEMA_REGISTRY_AUTH: schemaRegistry.auth,
        ...('secretArn' in schemaRegistry
          ? { SCHEMA_REGISTRY_SECRET_ARN: schemaRegistry.secretArn }
          : {}),
      }
    : null;

/**
 * Completes the stage's `environment`: with SCHEMA_REGISTRY confluent and no address, it takes address and login from
 * `schemaRegistry`, so that they stand in one place.
 */
export const registryEnvironment = ({
  environment,
  schemaRegistry,
}: Given): PipelineSettings['environment'] =>
  environment.SCHEMA_REGISTRY === 'confluent' && environment.SCHEMA_REGISTRY_URL === undefined
    ? { ...variablesOf(schemaRegistry), ...environment }
    : environment;

/** Tells whether the function itself asks the registry of `schemaRegistry`. */
export const functionAsks = ({ environment, schemaRegistry }: Given): boolean =>
  schemaRegistry !== undefined &&
  environment.SCHEMA_REGISTRY === schemaRegistry.kind &&
  (schemaRegistry.kind === 'glue' ||
    registryEnvironment({ environment, schemaRegistry }).SCHEMA_REGISTRY_URL ===
      schemaRegistry.url);
