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

/** The time of the first event. */
export const t0 = 1_700_000_000_000;

/** The writer's schema of the values. */
export const schema = writerSchema({ added: 'string' });

/** A registry's answer to a login that may not read a schema. */
export const denied = [
  403,
  '{"error_code":40301,"message":"User is denied operation Read"}',
] as const;

/** Encodes an event, with the schema's id before it. */
export const written = (id: number, index: number): Buffer =>
  confluent(id, encodeBy(schema, { ...fields({ event_time: t0 + index }), added: 'x' }));

/** Puts the uuid of a schema before bytes, as Confluent's serializers do since 8.0. */
export const withUuid = (uuid: string | Buffer): Buffer =>
  Buffer.concat([Buffer.of(1), Buffer.from(uuid), Buffer.alloc(24)]);

/** Makes the client of a registry without a login. */
export const registryAt = (url: string): SchemaRegistry =>
  confluentRegistry({
    registryUrl: url,
    registryAuth: 'none',
    registrySecretArn: null,
    registryCa: null,
  });

/** Makes an environment of the function on a registry: it delivers values, and gives the outcome of each. */
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

/** Makes deadlines with 2 s for schemas, of which a wait for a lagging registry takes a part, and enough time for the rest. */
const shortly = (): Deadlines => ({ ...deadlines(60_000), schemas: deadlines(6_000).schemas });

/** Lists the kind of each outcome, or the reason of a rejection. */
export const kinds = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((outcome) => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind));

/** Gives a rejection's sentence; empty for another outcome. */
export const detailOf = (outcome: Outcome | undefined): string =>
  outcome?.kind === 'rejected' ? outcome.detail : '';

/** Gives the error of a waiting record; null for another outcome. */
export const errorOf = (outcome: Outcome | undefined): Error | null =>
  outcome?.kind === 'failed' ? outcome.error : null;
