import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { after, test } from 'node:test';
import { createHandler } from '../../functions/ingest/create-handler.ts';
import type { PartitionResult } from '../../functions/ingest/pipeline/outcome.ts';
import { fields } from '../support/avro.ts';
import { openKeyspace } from '../support/keyspace.ts';
import { startRegistryServer } from '../support/registry-server.ts';
import { confluent, encodeBy, writerSchema } from '../support/writers.ts';

const keyspace = await openKeyspace();
const registry = await startRegistryServer({
  withoutUuids: '{"error_code":404,"message":"HTTP 404 Not Found"}',
});
let newest: readonly PartitionResult[] = [];
const { close, handler } = createHandler(
  { ...keyspace.environment, SCHEMA_REGISTRY: 'confluent', SCHEMA_REGISTRY_URL: registry.url },
  {
    onResults(results) {
      newest = results;
    },
  },
);
after(async () => {
  await close();
  await registry[Symbol.asyncDispose]();
  await keyspace[Symbol.asyncDispose]();
});

/** A meaningless value, whose first byte is that of Confluent's format with a uuid. */
const nonsense = Buffer.from(`01${'ab'.repeat(40)}`, 'hex');

/** Gives the handler values of a topic; returns its answer, and the outcomes. */
const invoke = async (topic: string, values: readonly Buffer[]) => {
  const event = {
    eventSource: 'SelfManagedKafka',
    bootstrapServers: 'b:9092',
    records: {
      [`${topic}-0`]: values.map((value, offset) => ({
        topic,
        partition: 0,
        offset,
        timestamp: 1_700_000_000_000,
        timestampType: 'CREATE_TIME',
        value: value.toString('base64'),
        headers: [],
      })),
    },
  };
  const context = { getRemainingTimeInMillis: () => 60_000 };
  const response = await handler(event, context as Parameters<typeof handler>[1]);
  return { response, became: newest.flatMap(({ outcomes }) => outcomes.map(({ kind }) => kind)) };
};

test('a batch of one value of nonsense, on a registry without uuids, is a row of rejected_events and blocks nothing', async () => {
  const { response, became } = await invoke('alone', [nonsense]);
  deepStrictEqual(response, { batchItemFailures: [] });
  deepStrictEqual(became, ['rejected']);
});

test('a value of nonsense among events, on a registry without uuids, is rejected, and the events around it are rows', async () => {
  const schema = writerSchema();
  const { id } = registry.register('events-value', schema);
  const eventOf = (second: number): Buffer =>
    confluent(id, encodeBy(schema, fields({ event_time: 1_700_000_000_000 + second * 1_000 })));
  const { response, became } = await invoke('among', [
    eventOf(0),
    nonsense,
    eventOf(1),
    eventOf(2),
  ]);
  deepStrictEqual(response, { batchItemFailures: [] });
  deepStrictEqual(became, ['written', 'rejected', 'written', 'written']);
  const rows = await keyspace.rows(
    `SELECT reason, detail FROM ${keyspace.name}.rejected_events WHERE topic = 'among' ALLOW FILTERING`,
  );
  strictEqual(rows.length, 1);
  strictEqual(rows[0]?.['reason'], 'unknown_schema');
  match(
    rows[0]?.['detail'],
    /^the value was written with schema abababab-abab-abab-abab-abababababab, and the registry has none of this id: it answered 404 "HTTP 404 Not Found"$/,
  );
});
