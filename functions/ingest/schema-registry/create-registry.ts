import bundled from '../../../schema/writer-schemas.json' with { type: 'json' };
import type { Settings } from '../settings/read-settings.ts';
import { confluentRegistry } from './confluent-registry.ts';
import { glueRegistry } from './glue-registry.ts';
import { type SchemaRegistry, unknownSchema } from './schema-registry.ts';
import { readWriterSchemas } from './writer-schemas-file.ts';

/**
 * Makes the configured registry, with the bundled schemas in front.
 * @throws {WriterSchemasError} where `schema/writer-schemas.json` is wrong.
 */
export const createRegistry = (
  config: Parameters<typeof confluentRegistry>[0] & Pick<Settings, 'registry'>,
): SchemaRegistry => {
  const registries = {
    none: () => noRegistry,
    confluent: () => confluentRegistry(config),
    glue: () => glueRegistry(),
  };
  return bundledSchemas(readWriterSchemas(bundled).byId, registries[config.registry]());
};

/**
 * Gives the bundled schemas of bare values before today's, the newest first.
 * @throws {WriterSchemasError} where `schema/writer-schemas.json` is wrong.
 */
export const olderBare = (): readonly unknown[] => readWriterSchemas(bundled).bare;

/** A registry without schemas. */
export const noRegistry: SchemaRegistry = {
  fetch: async (id) =>
    unknownSchema(id, 'that is not bundled, and no registry is set (SCHEMA_REGISTRY)'),
};

/**
 * Makes a registry of the schemas in `schema/writer-schemas.json`, which need no request.
 * @param otherwise the registry of all other schemas.
 */
export const bundledSchemas = (
  schemas: Readonly<Record<string, unknown>>,
  otherwise: SchemaRegistry,
): SchemaRegistry => {
  const known = new Map(Object.entries(schemas));
  return {
    async fetch(id) {
      const schema = known.get(String(id));
      return schema === undefined
        ? otherwise.fetch(id)
        : { kind: 'found', text: JSON.stringify(schema), references: [], bundled: true };
    },
  };
};
