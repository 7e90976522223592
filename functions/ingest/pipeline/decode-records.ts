import {
  type AwaitedSchema,
  type AwaitsSchema,
  type Decoder,
  read,
  type SchemaId,
} from './decoder.ts';
import { type IngestError, UnavailableError } from './errors.ts';
import type { Reading } from './judge.ts';
import { at, type KafkaRecord, type PartitionBatch } from './kafka-record.ts';
import type { Outcome } from './outcome.ts';

/** What a partition's records were read as. */
interface ReadBatch {
  /** Of the records before the first whose schema cannot be had now. */
  readonly readings: readonly Reading[];
  /** Of that one and of all behind it, which are redelivered with it. */
  readonly waiting: readonly Outcome[];
}

/** Reads the batches of one invocation. */
export interface BatchReader {
  /** Reads one of the batches; it waits for the schemas of its own records only. */
  read(batch: PartitionBatch): Promise<ReadBatch>;
  /** Settles when nothing is in flight, also for batches that were not read to their end. */
  settled(): Promise<unknown>;
}

/**
 * Reads the records of an invocation. The schemas that they were written with are fetched together, for what the registry says of one
 * partition's shows what is at fault with another's. A batch whose schemas are at hand costs no promise a record.
 * @param fetchSchemas the decoder's, within the limits and the time of the invocation.
 */
export const createBatchReader = (
  batches: readonly PartitionBatch[],
  decoder: Decoder,
  fetchSchemas: (
    awaited: readonly AwaitedSchema[],
  ) => ReadonlyMap<SchemaId, Promise<IngestError | null>>,
): BatchReader => {
  const awaited = new Map<SchemaId, { id: SchemaId; records: number; topics: Set<string> }>();
  const readFirst = ({ topic, records }: PartitionBatch): FirstReading[] => {
    const first: FirstReading[] = [];
    for (const record of records) {
      const event = read(record, decoder);
      first.push({ record, event });
      if (!('awaits' in event)) continue;
      const known = awaited.get(event.awaits);
      if (known === undefined)
        awaited.set(event.awaits, { id: event.awaits, records: 1, topics: new Set([topic]) });
      else {
        known.records += 1;
        known.topics.add(topic);
      }
    }
    return first;
  };

  let firsts: Map<PartitionBatch, readonly FirstReading[]> | undefined;
  let fetched: ReadonlyMap<SchemaId, Promise<IngestError | null>> = new Map();
  return {
    read(batch) {
      if (firsts === undefined) {
        firsts = new Map(batches.map((one) => [one, readFirst(one)]));
        if (awaited.size > 0) fetched = fetchSchemas([...awaited.values()]);
      }
      const first = firsts.get(batch) ?? [];
      // They live no longer than their partition needs them.
      firsts.delete(batch);
      return readAgain(first, decoder, fetched);
    },
    settled: () => Promise.allSettled(fetched.values()),
  };
};

/** Reads what awaited a schema, as soon as the partition's own schemas are settled. */
const readAgain = async (
  first: readonly FirstReading[],
  decoder: Decoder,
  fetched: ReadonlyMap<SchemaId, Promise<IngestError | null>>,
): Promise<ReadBatch> => {
  const awaited = new Set<SchemaId>();
  for (const { event } of first) if ('awaits' in event) awaited.add(event.awaits);
  if (awaited.size === 0) return { readings: first as readonly Reading[], waiting: [] };
  const failures = new Map<SchemaId, IngestError>();
  await Promise.all(
    [...awaited].map(async (id) => {
      const error = await fetched.get(id);
      if (error !== undefined && error !== null) failures.set(id, error);
    }),
  );

  const readings: Reading[] = [];
  for (const one of first) {
    if (isReading(one)) {
      readings.push(one);
      continue;
    }
    const { record } = one;
    const event = read(record, decoder);
    if ('awaits' in event) {
      const error = failures.get(event.awaits) ?? forgotten(event, record);
      const waiting = first.slice(readings.length).map((): Outcome => ({ kind: 'failed', error }));
      return { readings, waiting };
    }
    readings.push({ record, event });
  }
  return { readings, waiting: [] };
};

interface FirstReading {
  readonly record: KafkaRecord;
  readonly event: Reading['event'] | AwaitsSchema;
}

const isReading = (one: FirstReading): one is Reading => !('awaits' in one.event);

/** More schemas at once than are kept: with the next delivery there are fewer. */
const forgotten = ({ awaits }: AwaitsSchema, record: KafkaRecord): IngestError =>
  new UnavailableError(`schema ${awaits} of ${at(record)} was forgotten before it was used`);
