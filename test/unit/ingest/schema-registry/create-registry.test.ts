import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import {
  bundledSchemas,
  createRegistry,
  noRegistry,
} from '../../../../functions/ingest/schema-registry/create-registry.ts';
import type { SchemaRegistry } from '../../../../functions/ingest/schema-registry/schema-registry.ts';

const none = {
  registryUrl: 'http://127.0.0.1:1',
  registryAuth: 'none',
  registrySecretArn: null,
  registryCa: null,
} as const;
const withoutRegistry = {
  kind: 'rejected',
  reason: 'unknown_schema',
  detail:
    'the value was written with schema 4711, and that is not bundled, and no registry is set (SCHEMA_REGISTRY)',
};

test('a schema that is bundled is read without a registry, and another is asked of the registry', async () => {
  const asked: unknown[] = [];
  const registry: SchemaRegistry = {
    fetch: async (id) => {
      asked.push(id);
      return { kind: 'found', text: 'of the registry', references: [] };
    },
  };
  const bundled = bundledSchemas({ 7: { type: 'string' } }, registry);
  deepStrictEqual(await bundled.fetch(7), {
    kind: 'found',
    text: '{"type":"string"}',
    references: [],
    bundled: true,
  });
  deepStrictEqual(await bundled.fetch(8), {
    kind: 'found',
    text: 'of the registry',
    references: [],
  });
  deepStrictEqual(asked, [8]);
});

test('a name that objects have of their own is no bundled schema', async () => {
  deepStrictEqual(await bundledSchemas({}, noRegistry).fetch('toString'), {
    ...withoutRegistry,
    detail: withoutRegistry.detail.replace('4711', 'toString'),
  });
});

test('without a registry a schema that is not bundled is unknown, and the message names the setting', async () => {
  deepStrictEqual(await createRegistry({ ...none, registry: 'none' }).fetch(4711), withoutRegistry);
});

test('the registry that is set is the one that is asked', async () => {
  const { detail } = (await createRegistry({ ...none, registry: 'glue' }).fetch(4711)) as {
    detail: string;
  };
  deepStrictEqual(
    detail,
    'the value was written with schema 4711, and Glue has no such ids (SCHEMA_REGISTRY is `glue`)',
  );
});
