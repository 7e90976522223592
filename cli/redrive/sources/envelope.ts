import * as z from 'zod';
import { toPartitionBatches } from '../../../functions/ingest/kafka/to-partition-batches.ts';
import { NotAKafkaEventError } from '../../../functions/ingest/pipeline/errors.ts';
import type { KafkaRecord } from '../../../functions/ingest/pipeline/kafka-record.ts';
import type { OffsetRange } from '../../kafka/records-at.ts';

/** A range of offsets of a topic’s partition; the end is left out. */
export interface TopicRange extends OffsetRange {
  readonly topic: string;
}

/**
 * What an envelope of an on-failure destination holds: records (a bucket, a topic), or only where they were on the topic (a queue); or
 * why it holds neither.
 */
export type Enveloped =
  | { readonly kind: 'records'; readonly why: string; readonly records: readonly KafkaRecord[] }
  | { readonly kind: 'ranges'; readonly why: string; readonly ranges: readonly TopicRange[] }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** The bytes of a file or an object that are read at the most: an envelope has the records of one batch, of 6 MB. */
export const mostEnvelopeBytes = 64 * 1024 * 1024;

const offset = z.string().regex(/^\d{1,19}$/);
const envelope = z.object({
  requestContext: z.object({ condition: z.string() }),
  KafkaBatchInfo: z.object({
    recordsInfo: z
      .record(z.string(), z.object({ firstRecordOffset: offset, lastRecordOffset: offset }))
      .optional(),
  }),
  payload: z.union([z.string(), z.looseObject({})]).optional(),
});

/** A notification of SNS, which has the envelope as its message. */
const notification = z.object({ Type: z.literal('Notification'), Message: z.string() });

/**
 * Reads what an on-failure destination has received, in the envelope of AWS. It is hostile until read.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export const readEnvelope = (text: string): Enveloped => {
  const json = parsed(text);
  const notified = notification.safeParse(json);
  if (notified.success) return readEnvelope(notified.data.Message);
  const read = envelope.safeParse(json);
  if (!read.success) return unreadable('it is no envelope of an on-failure destination');
  const { requestContext, KafkaBatchInfo, payload } = read.data;
  const why = `given up: ${requestContext.condition}`;
  if (payload !== undefined) return readPayload(payload, why);
  const { recordsInfo } = KafkaBatchInfo;
  if (recordsInfo === undefined) return unreadable('the envelope names no records');
  const ranges: TopicRange[] = [];
  for (const [identifier, { firstRecordOffset, lastRecordOffset }] of Object.entries(recordsInfo)) {
    const [, topic, partition] = /^([A-Za-z0-9._-]{1,249})-(\d{1,9})$/.exec(identifier) ?? [];
    if (topic === undefined) return unreadable('a key of recordsInfo names no topic and partition');
    ranges.push({
      topic,
      partition: Number(partition),
      from: BigInt(firstRecordOffset),
      to: BigInt(lastRecordOffset) + 1n,
    });
  }
  return { kind: 'ranges', why, ranges };
};

const readPayload = (payload: unknown, why: string): Enveloped => {
  try {
    const event = typeof payload === 'string' ? parsed(payload) : payload;
    return {
      kind: 'records',
      why,
      records: toPartitionBatches(event).flatMap(({ records }) => records),
    };
  } catch (error) {
    if (!(error instanceof NotAKafkaEventError)) throw error;
    return unreadable(`its payload is no Kafka event: ${error.message}`);
  }
};

const unreadable = (detail: string): Enveloped => ({ kind: 'unreadable', detail });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
