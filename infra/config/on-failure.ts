import type * as z from 'zod';
import { oneKindOf, oneOf, settings, text } from './rules.ts';

/** A topic’s name as Kafka takes it; AWS takes none of one character, and `*` would be a wildcard in a policy. */
export const topicName = (meaning: string) =>
  text(
    meaning,
    'a topic’s name, 2 to 249 letters, digits and ._-, not beginning with .',
    /^[A-Za-z0-9_-][A-Za-z0-9._-]{1,248}$/,
  );

/** Where batches go whose retries have ended. Only S3 and a topic keep the records; SQS is told which they were. */
export const onFailure = oneKindOf(
  'kind',
  ['s3', 'sqs', 'topic', 'none'],
  [
    settings({
      kind: oneOf('a bucket of the stack’s own; so it is where onFailure is left out', ['s3']),
    }),
    settings({ kind: oneOf('a queue of the stack’s own', ['sqs']) }),
    settings({
      kind: oneOf('a topic of the same cluster', ['topic']),
      topic: topicName('the topic, which must be there, with records in JSON'),
    }),
    settings({
      kind: oneOf('nowhere: a batch is tried until it succeeds or leaves the topic', ['none']),
    }),
  ],
);

export type OnFailure = z.output<typeof onFailure>;
