import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { TransientError, UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import type { Outcome } from '../../../../functions/ingest/pipeline/outcome.ts';
import type { SchemaRegistry } from '../../../../functions/ingest/schema-registry/schema-registry.ts';
import { encode, fields } from '../../../support/avro.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, record } from '../../../support/records.ts';
import { confluent, decoderOf, encodeBy, writerSchema } from '../../../support/writers.ts';

const schema = writerSchema({ added: 'string' });
const text = { kind: 'found', text: JSON.stringify(schema), references: [] } as const;
const t0 = 1_700_000_000_000;

/** A value of schema `id`; each is a row of its own. */
const written = (id: number, index: number): Buffer =>
  confluent(id, encodeBy(schema, { ...fields({ event_time: t0 + index }), added: 'x' }));
const recordsOf = (values: readonly (Buffer | null)[], partition = 0) =>
  values.map((value, offset) => record({ offset, partition, value }));

const kinds = (outcomes: readonly Outcome[] = []) =>
  outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind));
const ingestFrom = (stores: MemoryStores, registry: SchemaRegistry) =>
  ingestWith(stores, {}, { decoder: decoderOf({}, {}, registry) });
const soon = {
  schemas: { left: () => 100 },
  records: { left: () => 1_000 },
  checkpoint: { left: () => 1_000 },
};

test('every schema that an invocation needs is asked for once, over all its partitions', async () => {
  const asked: unknown[] = [];
  const ingest = ingestFrom(new MemoryStores(), {
    fetch: async (id) => {
      asked.push(id);
      return text;
    },
  });
  const values = [written(1, 0), written(2, 1), written(1, 2), encode({ event_time: t0 + 3 })];
  const batches = [0, 1].map((partition) => batch(recordsOf(values, partition)));
  for (const _ of [1, 2]) {
    const results = await ingest(batches);
    for (const { outcomes } of results)
      deepStrictEqual(kinds(outcomes), ['written', 'written', 'written', 'written']);
  }
  deepStrictEqual(asked, [1, 2]);
});

test('a registry that is down rejects nothing: the partition waits from the first record that needs it', async () => {
  const stores = new MemoryStores();
  const down = new UnavailableError('the registry refuses the login');
  const ingest = ingestFrom(stores, { fetch: () => Promise.reject(down) });
  const values = [encode({ event_time: t0 }), null, written(1, 1), encode({ event_time: t0 + 2 })];
  const [waits, goesOn] = await ingest([
    batch(recordsOf(values)),
    batch(recordsOf([encode({ event_time: t0 + 3 })], 1)),
  ]);
  deepStrictEqual(kinds(waits?.outcomes), ['written', 'tombstone', 'failed', 'failed']);
  deepStrictEqual(waits?.outcomes[2], { kind: 'failed', error: down });
  strictEqual(stores.checkpoints.get('events-0')?.nextOffset, 2);
  deepStrictEqual(kinds(goesOn?.outcomes), ['written']);
});

test('when the first record waits, nothing of its partition is handled', async () => {
  const stores = new MemoryStores();
  const down = new UnavailableError('down');
  const ingest = ingestFrom(stores, { fetch: () => Promise.reject(down) });
  const [result] = await ingest([batch(recordsOf([written(1, 0), encode()]))]);
  deepStrictEqual(kinds(result?.outcomes), ['failed', 'failed']);
  strictEqual(stores.checkpoints.size + stores.userEvents.size, 0);
});

test('a registry that does not answer is asked again, and the batch is written', async () => {
  let attempts = 0;
  const ingest = ingestFrom(new MemoryStores(), {
    async fetch() {
      attempts += 1;
      if (attempts < 3) throw new TransientError('503');
      return text;
    },
  });
  const [result] = await ingest([batch(recordsOf([written(1, 0)]))]);
  deepStrictEqual([kinds(result?.outcomes), attempts], [['written'], 3]);
});

test('a registry that never answers leaves time for the records that do not need it', async () => {
  const stores = new MemoryStores();
  const ingest = ingestFrom(stores, {
    fetch: () => Promise.reject(new TransientError('503')),
  });
  const values = [encode({ event_time: t0 }), written(1, 1)];
  const [result] = await ingest([batch(recordsOf(values))], soon);
  deepStrictEqual(kinds(result?.outcomes), ['written', 'failed']);
  strictEqual(stores.userEvents.size, 1);
});

test('a schema that does not exist rejects its records, and stops nothing', async () => {
  const stores = new MemoryStores();
  const ingest = ingestFrom(stores, {
    fetch: async () => ({ kind: 'rejected', reason: 'unknown_schema', detail: 'there is none' }),
  });
  const values = [written(1, 0), encode({ event_time: t0 })];
  const [result] = await ingest([batch(recordsOf(values))]);
  deepStrictEqual(kinds(result?.outcomes), ['unknown_schema', 'written']);
  strictEqual(stores.rejected.get('events-0@0')?.detail, 'there is none');
});

test('more schemas in a batch than are kept: what was forgotten waits, what comes before it is handled', async () => {
  const stores = new MemoryStores();
  const ingest = ingestFrom(stores, { fetch: async () => text });
  const values = [
    encode({ event_time: t0 }),
    ...Array.from({ length: 1_001 }, (_, id) => written(id, id)),
  ];
  const [first] = await ingest([batch(recordsOf(values))]);
  strictEqual(first?.checkpoint?.nextOffset, 1);
  const [again] = await ingest([batch(recordsOf(values).slice(1, 1_000))]);
  strictEqual(again?.checkpoint?.nextOffset, 1_000);
});

test('a partition whose checkpoint cannot be read leaves no question in flight behind the invocation', async () => {
  const stores = new MemoryStores();
  const readCheckpoint = stores.readCheckpoint.bind(stores);
  stores.readCheckpoint = (partition) =>
    partition.partition === 1
      ? Promise.reject(new UnavailableError('no table'))
      : readCheckpoint(partition);
  let inFlight = 0;
  const ingest = ingestFrom(stores, {
    async fetch(id) {
      inFlight += 1;
      await new Promise((resolve) => setTimeout(resolve, id === 2 ? 50 : 1));
      inFlight -= 1;
      return text;
    },
  });
  const batches = [1, 2].map((id, partition) => batch(recordsOf([written(id, id)], partition)));
  const results = await ingest(batches);
  deepStrictEqual(
    results.map(({ outcomes }) => kinds(outcomes)),
    [['written'], ['failed']],
  );
  strictEqual(inFlight, 0);
});

test('a bug in fetching escapes', async () => {
  const ingest = ingestFrom(new MemoryStores(), {
    fetch: () => Promise.reject(new RangeError('a bug')),
  });
  await rejects(ingest([batch(recordsOf([written(1, 0)]))]), RangeError);
});
