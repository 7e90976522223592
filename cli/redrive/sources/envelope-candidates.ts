import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { openRecordsAt, type RecordsAt } from '../../kafka/records-at.ts';
import type { Candidate } from '../candidate.ts';
import { readEnvelope, type TopicRange } from './envelope.ts';
import { foreignCandidate, goneRange, recordCandidate } from './topic-record.ts';

/** Turns envelopes of an on-failure destination into candidates. */
export interface EnvelopeReader extends AsyncDisposable {
  /**
   * Reads the records of an envelope; those that it only names are read from their topic.
   * @param name the object, file or message, for what could not be read.
   */
  read(name: string, text: string, signal: AbortSignal): AsyncGenerator<Candidate>;
}

/**
 * @param own the topic of the pipeline, whose records alone are redriven; null where nobody has said so.
 * @param kafka gives the brokers; it is called where an envelope only names its records.
 */
export const envelopeReader = (
  own: string | null,
  kafka: () => Promise<KafkaConnection>,
): EnvelopeReader => {
  const isForeign = ({ topic }: { readonly topic: string }): boolean =>
    own !== null && topic !== own;
  const topics = new Map<string, Promise<RecordsAt>>();
  const open = (topic: string): Promise<RecordsAt> => {
    const known = topics.get(topic) ?? kafka().then((one) => openRecordsAt(one, topic));
    topics.set(topic, known);
    return known;
  };

  const readRange = async function* (range: TopicRange, why: string, signal: AbortSignal) {
    if (isForeign(range)) {
      yield foreignCandidate(goneRange(range, why), range.topic);
      return;
    }
    const records = await open(range.topic);
    for await (const part of records.range(range, signal))
      yield part.kind === 'record'
        ? recordCandidate(part.record, why)
        : goneRange({ ...range, from: part.from, to: part.to }, why);
  };

  return {
    async *read(name, text, signal) {
      const enveloped = readEnvelope(text);
      if (enveloped.kind === 'unreadable') yield unreadable(name, enveloped.detail);
      else if (enveloped.kind === 'records')
        for (const record of enveloped.records) {
          const candidate = recordCandidate(record, enveloped.why);
          yield isForeign(record) ? foreignCandidate(candidate, record.topic) : candidate;
        }
      else for (const range of enveloped.ranges) yield* readRange(range, enveloped.why, signal);
    },
    async [Symbol.asyncDispose]() {
      for (const records of topics.values())
        await (await records.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
};

/** Makes the candidate of something that is no record. */
export const unreadable = (name: string, detail: string): Candidate => ({
  name,
  place: null,
  found: { outcome: 'unreadable', detail },
  why: 'in the on-failure destination',
  tries: 0,
});
