import { type Decoder, decode, type SchemaId } from '../../functions/ingest/pipeline/decoder.ts';
import { Delivery } from '../../functions/ingest/pipeline/delivery.ts';
import { IngestError } from '../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';

/** Decodes a record. Returns a sentence where its schema cannot be fetched; a failed schema is not requested again. */
export const decodeFetching = async (
  record: KafkaRecord,
  decoder: Decoder,
  failures = new Map<SchemaId, string>(),
): Promise<Delivery | string> => {
  const result = decode(record, decoder);
  if (result.kind !== 'missing-schema') return new Delivery(record, result);
  const failure = failures.get(result.id);
  if (failure !== undefined) return failure;
  try {
    await decoder.fetchSchema(result.id);
  } catch (error) {
    if (!(error instanceof IngestError)) throw error;
    failures.set(result.id, error.message);
    return error.message;
  }
  return decodeFetching(record, decoder, failures);
};
