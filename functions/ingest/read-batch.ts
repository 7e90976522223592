import { IngestError, UnavailableError } from './errors.ts';
import type { Reading } from './judge.ts';
import type { Outcome } from './outcome.ts';
import { type AwaitsSchema, type Decoder, read, type SchemaId } from './read.ts';
import { at, type KafkaRecord } from './record.ts';
import { settleAll } from './settle-all.ts';

/** What a partition's records were read as. */
export interface ReadBatch {
  /** Of the records before the first whose schema cannot be had now. */
  readonly readings: readonly Reading[];
  /** Of that one and of all behind it, which are redelivered with it. */
  readonly waiting: readonly Outcome[];
}

/**
 * Reads the records of one partition. The schemas that they were written with are fetched first, side by side; a batch
 * whose schemas are at hand costs no promise.
 * @param fetchSchema the decoder's, within the limits and the time of the invocation.
 */
export const readBatch = async (
  records: readonly KafkaRecord[],
  decoder: Decoder,
  fetchSchema: (id: SchemaId) => Promise<void>,
): Promise<ReadBatch> => {
  const awaited = new Set<SchemaId>();
  const first: FirstReading[] = [];
  for (const record of records) {
    const event = read(record, decoder);
    if ('awaits' in event) awaited.add(event.awaits);
    first.push({ record, event });
  }
  if (awaited.size === 0) return { readings: first as readonly Reading[], waiting: [] };
  const failures = new Map<SchemaId, IngestError>();
  await settleAll(
    [...awaited].map(async (id) => {
      try {
        await fetchSchema(id);
      } catch (error) {
        // Any other error is a bug, and escapes.
        if (!(error instanceof IngestError)) throw error;
        failures.set(id, error);
      }
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
      const waiting = records
        .slice(readings.length)
        .map((): Outcome => ({ kind: 'failed', error }));
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
