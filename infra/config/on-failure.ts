import type * as z from 'zod';
import { oneKindOf, oneOf, settings, text } from './rules.ts';

/** Accepts a topic's name as Kafka takes it, but not one of a single character, which AWS refuses. */
export const topicName = (meaning: string) =>
  text(
    meaning,
    'a topic’s name, 2 to 249 letters, digits and ._-, not beginning with .',
    /^[A-Za-z0-9_-][A-Za-z0-9._-]{1,248}$/,
  );

/** The destination of batches whose retries have ended. A bucket and a topic keep the records; a queue keeps only their offsets. */
export const onFailure = oneKindOf(
  'kind',
  ['s3', 'sqs', 'topic', 'none'],
  [
    settings({
      kind: oneOf('a bucket that the stack makes; the default if onFailure is left out', ['s3']),
    }),
    settings({
      kind: oneOf('a queue that the stack makes; it keeps offsets, not records', ['sqs']),
    }),
    settings({
      kind: oneOf('a topic of the same cluster', ['topic']),
      topic: topicName('the topic, which must exist; AWS writes records in JSON'),
    }),
    settings({
      kind: oneOf('no destination: a batch is retried until it succeeds or leaves the topic', [
        'none',
      ]),
    }),
  ],
);

export type OnFailure = z.output<typeof onFailure>;
