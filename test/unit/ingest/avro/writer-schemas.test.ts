import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { createWriterSchemas } from '../../../../functions/ingest/avro/writer-schemas.ts';
import { TransientError } from '../../../../functions/ingest/pipeline/errors.ts';
import { unknownForMs } from '../../../../functions/ingest/schema-registry/schema-cache.ts';
import type { SchemaRegistry } from '../../../../functions/ingest/schema-registry/schema-registry.ts';
import { layout } from '../../../support/events.ts';
import { writerSchema } from '../../../support/writers.ts';

const known = { kind: 'found', text: JSON.stringify(writerSchema()), references: [] } as const;
const unknown = { kind: 'rejected', reason: 'unknown_schema', detail: 'there is none' } as const;

/** A registry that answers what a test wants, and counts. */
const registryOf = (answer: () => ReturnType<SchemaRegistry['fetch']>) => {
  const asked: (string | number)[] = [];
  const fetch: SchemaRegistry['fetch'] = (id) => {
    asked.push(id);
    return answer();
  };
  return { fetch, asked };
};

test('a schema is fetched once, however many ask at the same time, and is kept', async () => {
  const registry = registryOf(async () => known);
  const writers = createWriterSchemas(registry, layout);
  await Promise.all(Array.from({ length: 100 }, () => writers.ask(1)));
  ok(writers.get(1) !== undefined);
  deepStrictEqual(registry.asked, [1]);
});

test('a fetch that failed fails for all that asked, and is made again by the next', async () => {
  let answer: () => Promise<typeof known> = () => Promise.reject(new TransientError('down'));
  const registry = registryOf(() => answer());
  const writers = createWriterSchemas(registry, layout);
  const [one, two] = [writers.ask(1), writers.ask(1)];
  await rejects(one, TransientError);
  await rejects(two, TransientError);
  strictEqual(writers.get(1), undefined);
  answer = async () => known;
  await writers.ask(1);
  ok(writers.get(1) !== undefined);
  deepStrictEqual(registry.asked, [1, 1]);
});

test('a schema that does not exist is asked for again after half a minute, and not before', async (t) => {
  let now = 1_000;
  t.mock.method(performance, 'now', () => now);
  const writers = createWriterSchemas(
    registryOf(async () => unknown),
    layout,
  );
  deepStrictEqual(await writers.ask(1), unknown);
  writers.reject(1, unknown, unknownForMs);
  now += 29_999;
  deepStrictEqual(writers.get(1), unknown);
  now += 1;
  strictEqual(writers.get(1), undefined);
});

test('an id that the registry does not have now is not kept, but told', async () => {
  const writers = createWriterSchemas(
    registryOf(async () => ({ ...unknown, mayAppear: true })),
    layout,
  );
  const missing = await writers.ask(1);
  strictEqual(missing?.reason, 'unknown_schema');
  strictEqual(writers.get(1), undefined);
  strictEqual(writers.rejections(1), 0);
  writers.reject(1, missing, 1_000);
  deepStrictEqual(writers.get(1), unknown);
  strictEqual(writers.rejections(1), 1);
});

test('the last three schemas of the registry whose values are read are known, and none that was bundled', async () => {
  let answer: Awaited<ReturnType<SchemaRegistry['fetch']>> = known;
  const writers = createWriterSchemas(
    registryOf(async () => answer),
    layout,
  );
  for (const id of [1, 2, 3, 4]) await writers.ask(id);
  answer = { ...known, bundled: true };
  await writers.ask(5);
  answer = { ...known, text: '"string"' };
  await writers.ask(6);
  deepStrictEqual(writers.readable, [4, 3, 2]);
});

test('a schema that cannot be read is kept as such: what an id means never changes', async (t) => {
  let now = 1_000;
  t.mock.method(performance, 'now', () => now);
  const registry = registryOf(async () => ({ kind: 'found', text: 'no JSON', references: [] }));
  const writers = createWriterSchemas(registry, layout);
  await writers.ask(1);
  now += 1e9;
  deepStrictEqual(writers.get(1), {
    kind: 'rejected',
    reason: 'incompatible_schema',
    detail: 'schema 1: the schema is not JSON',
  });
});

test('the oldest of more than a thousand schemas is forgotten, and no unknown id of a whole batch', async () => {
  const writers = createWriterSchemas(
    registryOf(async () => known),
    layout,
  );
  for (let id = 0; id <= 1_000; id += 1) await writers.ask(id);
  strictEqual(writers.get(0), undefined);
  ok(writers.get(1) !== undefined);
  for (let id = 2_000; id <= 22_000; id += 1) writers.reject(id, unknown, unknownForMs);
  strictEqual(writers.get(2_000), undefined);
  deepStrictEqual(writers.get(2_001), unknown);
  ok(writers.get(1) !== undefined);
});
