import type { KafkaRecord } from '../../../functions/ingest/pipeline/kafka-record.ts';
import { openRecordsAt } from '../../kafka/records-at.ts';
import type { Target } from '../../target/target.ts';
import { type Candidate, placeName } from '../candidate.ts';
import { triesOf } from '../redrive-headers.ts';
import { readDeadLetter } from './dead-letter.ts';
import type { EnvelopeReader } from './envelope-candidates.ts';
import type { Source } from './source.ts';
import { foreignCandidate, goneRange } from './topic-record.ts';

/**
 * Opens a topic that is an on-failure destination of AWS: each of its records has an envelope.
 * @throws {UserFacingError} where it cannot be read.
 */
export const failedTopicSource = (
  target: Target,
  topic: string,
  envelopes: EnvelopeReader,
): Promise<Source> =>
  topicSource(
    target,
    topic,
    (record, signal) =>
      envelopes.read(nameOf(record), record.value?.toString('utf8') ?? '', signal),
    async () => envelopes[Symbol.asyncDispose](),
  );

/**
 * Opens a topic of dead letters that another program has written.
 * @throws {UserFacingError} where it cannot be read.
 */
export const deadLetterSource = (target: Target, topic: string): Promise<Source> =>
  topicSource(target, topic, (record) => [deadLetterCandidate(record, target.topic)]);

const topicSource = async (
  target: Target,
  topic: string,
  read: (
    record: KafkaRecord,
    signal: AbortSignal,
  ) => Iterable<Candidate> | AsyncIterable<Candidate>,
  close: () => Promise<void> = async () => {},
): Promise<Source> => {
  const records = await openRecordsAt(await target.kafka(), topic);
  return {
    unread: [],
    end: async () => `The records of ${topic} stay.`,
    async *candidates(signal) {
      for (const [partition, { begin, end }] of records.extents)
        for await (const part of records.range({ partition, from: begin, to: end }, signal))
          if (part.kind === 'record') yield* read(part.record, signal);
          else if (part.kind === 'gone')
            yield goneRange({ ...part, topic, partition }, 'deleted while the topic was read');
    },
    async [Symbol.asyncDispose]() {
      await records[Symbol.asyncDispose]();
      await close();
    },
  };
};

const nameOf = (record: KafkaRecord): string =>
  placeName({ ...record, offset: BigInt(record.offset) });

/**
 * Makes a dead letter the record that it was. One whose headers do not say where it comes from belongs to the pipeline's topic, and is
 * marked by its own place.
 */
const deadLetterCandidate = (record: KafkaRecord, pipelineTopic: string | null): Candidate => {
  const { place, topic, partition, headers, why } = readDeadLetter(record);
  const own = { topic: record.topic, partition: record.partition, offset: BigInt(record.offset) };
  const marked = place ?? own;
  const origin = topic ?? pipelineTopic;
  const named = { name: placeName(marked), place: marked, why };
  if (origin !== null && pipelineTopic !== null && origin !== pipelineTopic)
    return foreignCandidate(named, origin);
  return {
    ...named,
    found:
      origin === null
        ? {
            outcome: 'unreadable',
            detail: 'its headers do not say which topic it comes from: name it by --topic',
          }
        : {
            ...record,
            topic: origin,
            partition: partition ?? anyPartition,
            offset: Number(marked.offset),
            headers,
          },
    tries: triesOf(record.headers),
  };
};

/** The partition of a record whose partition is not known: its key chooses it. */
export const anyPartition = -1;
