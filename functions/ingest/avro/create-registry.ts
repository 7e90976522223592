import bundled from '../../../schema/writer-schemas.json' with { type: 'json' };
import type { Config } from '../config.ts';
import { confluentRegistry } from './confluent-registry.ts';
import { glueRegistry } from './glue-registry.ts';
import { type SchemaRegistry, unknownSchema } from './schema-registry.ts';

/** The registry that is set, after what is bundled with the function. */
export const createRegistry = (
  config: Parameters<typeof confluentRegistry>[0] & Pick<Config, 'registry'>,
): SchemaRegistry => {
  const registries = {
    none: () => noRegistry,
    confluent: () => confluentRegistry(config),
    glue: () => glueRegistry(),
  };
  return bundledSchemas(bundled, registries[config.registry]());
};

/** Has none. */
export const noRegistry: SchemaRegistry = {
  fetch: async (id) =>
    unknownSchema(id, 'that is not bundled, and no registry is set (SCHEMA_REGISTRY)'),
};

/**
 * Schemas by their ids, in `schema/writer-schemas.json`: they are read without a registry.
 * @param otherwise asked for those that are not there.
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
        : { text: JSON.stringify(schema), references: [], bundled: true };
    },
  };
};
