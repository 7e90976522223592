import bundled from '../../../schema/writer-schemas.json' with { type: 'json' };
import type { Settings } from '../settings/read-settings.ts';
import { confluentRegistry } from './confluent-registry.ts';
import { glueRegistry } from './glue-registry.ts';
import { type SchemaRegistry, unknownSchema } from './schema-registry.ts';

/** `schema/writer-schemas.json`: schemas by their ids, and under `bare` those of bare values. */
const writerSchemas: { readonly [id: string]: unknown; readonly bare?: readonly unknown[] } =
  bundled;

/** The registry that is set, after what is bundled with the function. */
export const createRegistry = (
  config: Parameters<typeof confluentRegistry>[0] & Pick<Settings, 'registry'>,
): SchemaRegistry => {
  const registries = {
    none: () => noRegistry,
    confluent: () => confluentRegistry(config),
    glue: () => glueRegistry(),
  };
  const { bare: _, ...byId } = writerSchemas;
  return bundledSchemas(byId, registries[config.registry]());
};

/** The schemas of bare values before today's, the newest first. */
export const olderBare: readonly unknown[] = writerSchemas.bare ?? [];

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
        : { kind: 'found', text: JSON.stringify(schema), references: [], bundled: true };
    },
  };
};
