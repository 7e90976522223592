import type { Decoder, SchemaId } from '../../../functions/ingest/pipeline/decoder.ts';
import type { Delivery } from '../../../functions/ingest/pipeline/delivery.ts';
import { decodeFetching } from '../../record/decode-fetching.ts';
import type { Ready } from './destination.ts';

/** A record with what it was decoded to; a sentence where its schema cannot be had. */
export interface DecodedReady {
  readonly ready: Ready;
  readonly decoded: Delivery | string;
}

/** Decodes records one after the other, with the function's own decoder. A schema that does not come is asked for once. */
export const decodeReady = async (
  records: readonly Ready[],
  decoder: Decoder,
): Promise<DecodedReady[]> => {
  const failures = new Map<SchemaId, string>();
  const all: DecodedReady[] = [];
  for (const ready of records)
    all.push({ ready, decoded: await decodeFetching(ready.record, decoder, failures) });
  return all;
};
