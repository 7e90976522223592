import { type Deadlines, deadlines } from '../../functions/ingest/pipeline/deadlines.ts';
import { createFlowControl } from '../../functions/ingest/pipeline/flow-control.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { Outcome } from '../../functions/ingest/pipeline/outcome.ts';
import { confluentRegistry } from '../../functions/ingest/schema-registry/confluent-registry.ts';
import type { SchemaRegistry } from '../../functions/ingest/schema-registry/schema-registry.ts';
import { fields } from './avro.ts';
import { ingestWith } from './ingest-with.ts';
import { MemoryStores } from './memory-stores.ts';
import { batch, record } from './records.ts';
import { confluent, decoderOf, encodeBy, writerSchema } from './writers.ts';

/** The first event's time. */
export const t0 = 1_700_000_000_000;

/** The schema that the values of these tests are written with. */
export const schema = writerSchema({ added: 'string' });

/** A registry's answer to a login that may not read a schema. */
export const denied = [
  403,
  '{"error_code":40301,"message":"User is denied operation Read"}',
] as const;

/** Bytes of an event, with the schema's id before them. */
export const written = (id: number, index: number): Buffer =>
  confluent(id, encodeBy(schema, { ...fields({ event_time: t0 + index }), added: 'x' }));

/** Bytes with the uuid of a schema before them, as Confluent's serializers write since 8.0. */
export const withUuid = (uuid: string | Buffer): Buffer =>
  Buffer.concat([Buffer.of(1), Buffer.from(uuid), Buffer.alloc(24)]);

/** The client of a registry that asks for no login. */
export const registryAt = (url: string): SchemaRegistry =>
  confluentRegistry({
    registryUrl: url,
    registryAuth: 'none',
    registrySecretArn: null,
    registryCa: null,
  });

/** Makes an environment of the function on a registry: it delivers values, and says what becomes of each. */
export const environmentOn = (registry: SchemaRegistry) => {
  const ingest = ingestWith(
    new MemoryStores(),
    {},
    {
      decoder: decoderOf({}, { registry: 'confluent' }, registry),
      schemaFlow: createFlowControl(8),
    },
  );
  let offset = 0;
  return async (
    values: readonly (Buffer | null)[],
    { given = shortly(), topic = 'events' }: { given?: Deadlines; topic?: string } = {},
  ) => {
    const records = values.map((value) => record({ topic, offset: offset++, value }));
    const [result] = await ingest([batch(records as [KafkaRecord])], given);
    return result?.outcomes ?? [];
  };
};

/** Time for schemas of 2 s, so that a wait for a registry that lags takes a part of it; and enough for the rest. */
const shortly = (): Deadlines => ({ ...deadlines(60_000), schemas: deadlines(6_000).schemas });

/** The kind of each outcome, or the reason of a rejection. */
export const kinds = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind));

/** A rejection's sentence; empty for another outcome. */
export const detailOf = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'rejected' ? outcome.detail : '';

/** The error with which a record waits; null for another outcome. */
export const errorOf = (outcome: Outcome | undefined): Error | null =>
  outcome?.kind === 'failed' ? outcome.error : null;
