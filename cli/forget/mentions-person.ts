import type { Decoder } from '../../functions/ingest/pipeline/decoder.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import { decodeFetching } from '../record/decode-fetching.ts';

/** Whether a record is a person's: `unknown` where its schema cannot be had, and its bytes do not have the id. */
export type Mention = 'yes' | 'no' | 'unknown';

/** Makes a function that tells whether a record is a person's: by its event, or because its bytes have the person's id. */
export const mentionsPerson = (
  user: string,
  decoder: Decoder,
): ((record: KafkaRecord) => Promise<Mention>) => {
  // A uuid is text in Avro and JSON, and may be 16 bytes.
  const needles = [
    Buffer.from(user),
    Buffer.from(user.toUpperCase()),
    Buffer.from(user.replaceAll('-', ''), 'hex'),
  ];
  const failures = new Map();
  return async (record) => {
    const { key, value, headers } = record;
    const all = [key, value, ...headers.map((header) => header.value)];
    if (all.some((bytes) => bytes !== null && needles.some((needle) => bytes.includes(needle))))
      return 'yes';
    if (value === null) return 'no';
    const decoded = await decodeFetching(record, decoder, failures);
    if (typeof decoded === 'string') return 'unknown';
    return decoded.event?.get('user_id') === user ? 'yes' : 'no';
  };
};
