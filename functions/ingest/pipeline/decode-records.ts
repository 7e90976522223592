import { type AwaitedSchema, type Decoder, decode, type SchemaId } from './decoder.ts';
import { Delivery } from './delivery.ts';
import { type IngestError, UnavailableError } from './errors.ts';
import { at, type PartitionBatch } from './kafka-record.ts';

/** The records of a partition's batch, decoded. */
interface DecodedBatch {
  /** The records before the first whose schema cannot be had now. */
  readonly ready: readonly Delivery[];
  /** The first record whose schema cannot be had now, and all behind it, which are redelivered with it: they have failed. */
  readonly blocked: readonly Delivery[];
}

/** Decodes the batches of one invocation. */
export interface BatchDecoder {
  /** Decodes the records of one of the batches; it waits for the schemas of its own records only. */
  decode(batch: PartitionBatch): Promise<DecodedBatch>;
  /** Settles when nothing is in flight, also for batches that were not decoded to their end. */
  settled(): Promise<unknown>;
}

type Fetched = ReadonlyMap<SchemaId, Promise<IngestError | null>>;

/**
 * Decodes the records of an invocation. The schemas that they were written with are fetched together, for what the registry says of one
 * partition's shows what is at fault with another's. A batch whose schemas are at hand costs no promise for each record.
 * @param fetchSchemas the decoder's, within the limits and the time of the invocation.
 */
export const createBatchDecoder = (
  batches: readonly PartitionBatch[],
  decoder: Decoder,
  fetchSchemas: (awaited: readonly AwaitedSchema[]) => Fetched,
): BatchDecoder => {
  const awaited = new Map<SchemaId, { id: SchemaId; records: number; topics: Set<string> }>();
  const wait = (id: SchemaId, topic: string): void => {
    const known = awaited.get(id);
    if (known === undefined) awaited.set(id, { id, records: 1, topics: new Set([topic]) });
    else {
      known.records += 1;
      known.topics.add(topic);
    }
  };
  const decodeAll = ({ topic, records }: PartitionBatch): Delivery[] =>
    records.map((record) => {
      const delivery = new Delivery(record, decode(record, decoder));
      if (delivery.missingSchema !== null) wait(delivery.missingSchema, topic);
      return delivery;
    });

  let decoded: Map<PartitionBatch, readonly Delivery[]> | undefined;
  let fetched: Fetched = new Map();
  return {
    async decode(batch) {
      if (decoded === undefined) {
        decoded = new Map(batches.map((one) => [one, decodeAll(one)]));
        if (awaited.size > 0) fetched = fetchSchemas([...awaited.values()]);
      }
      const deliveries = decoded.get(batch) ?? [];
      // They live no longer than their partition needs them.
      decoded.delete(batch);
      return fetched.size === 0
        ? { ready: deliveries, blocked: [] }
        : decodeRest(deliveries, decoder, fetched);
    },
    settled: () => Promise.allSettled(fetched.values()),
  };
};

/** Decodes the records that waited for a schema, as soon as the partition's own schemas are settled. */
const decodeRest = async (
  deliveries: readonly Delivery[],
  decoder: Decoder,
  fetched: Fetched,
): Promise<DecodedBatch> => {
  const waiting = deliveries.filter(({ missingSchema }) => missingSchema !== null);
  const failures = new Map<SchemaId, IngestError>();
  await Promise.all(
    [...new Set(waiting.map(({ missingSchema }) => missingSchema as SchemaId))].map(async (id) => {
      const error = await fetched.get(id);
      if (error !== undefined && error !== null) failures.set(id, error);
    }),
  );

  for (const delivery of waiting) {
    delivery.decoded(decode(delivery.record, decoder));
    const { record, missingSchema } = delivery;
    if (missingSchema === null) continue;
    const error = failures.get(missingSchema) ?? forgotten(missingSchema, at(record));
    const first = deliveries.indexOf(delivery);
    const blocked = deliveries.slice(first);
    for (const one of blocked) one.outcome = { kind: 'failed', error };
    return { ready: deliveries.slice(0, first), blocked };
  }
  return { ready: deliveries, blocked: [] };
};

/** More schemas at once than are kept: with the next delivery there are fewer. */
const forgotten = (id: SchemaId, record: string): IngestError =>
  new UnavailableError(`schema ${id} of ${record} was forgotten before it was used`);
