import type { Candidate } from '../../cli/redrive/candidate.ts';
import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';

/** Makes a record of the topic `clicks`. */
export const recordAt = (offset: number, given: Partial<KafkaRecord> = {}): KafkaRecord => ({
  topic: 'clicks',
  partition: 0,
  offset,
  timestamp: 1_700_000_000_000,
  key: null,
  value: Buffer.from('value'),
  headers: [],
  ...given,
});

/** Makes a candidate of such a record. */
export const candidateAt = (offset: number, given: Partial<Candidate> = {}): Candidate => ({
  name: `clicks/0/${offset}`,
  place: { topic: 'clicks', partition: 0, offset: BigInt(offset) },
  found: recordAt(offset),
  why: 'late',
  tries: 0,
  ...given,
});
