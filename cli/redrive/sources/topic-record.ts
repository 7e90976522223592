import type { KafkaRecord } from '../../../functions/ingest/pipeline/kafka-record.ts';
import type { RecordPlace } from '../../record/record-place.ts';
import { type Candidate, placeName } from '../candidate.ts';
import { triesOf } from '../redrive-headers.ts';
import type { TopicRange } from './envelope.ts';

/** Makes the candidate of a record that was read as it stood on its topic. */
export const recordCandidate = (record: KafkaRecord, why: string): Candidate => {
  const place = {
    topic: record.topic,
    partition: record.partition,
    offset: BigInt(record.offset),
  };
  return {
    name: placeName(place),
    place,
    found: record,
    why,
    tries: triesOf(record.headers),
  };
};

/** Makes the candidate of a record that the topic no longer has. */
export const goneCandidate = (place: RecordPlace, why: string): Candidate => ({
  name: placeName(place),
  place,
  found: { outcome: 'gone', detail: 'the topic no longer has it' },
  why,
  tries: 0,
});

/** Makes the candidate of a range of offsets that the topic no longer has. */
export const goneRange = ({ topic, partition, from, to }: TopicRange, why: string): Candidate => {
  const last = to - 1n;
  return {
    name: `${topic}/${partition}/${from}${last > from ? `..${last}` : ''}`,
    place: null,
    found: { outcome: 'gone', detail: 'the topic no longer has it' },
    why,
    tries: 0,
  };
};

/** Makes the candidate of what belongs to another topic than the pipeline's: to another function, whose batches share the place, or another program. */
export const foreignCandidate = (
  { name, place, why }: Pick<Candidate, 'name' | 'place' | 'why'>,
  topic: string,
): Candidate => ({
  name,
  place,
  found: {
    outcome: 'another topic',
    detail: `it is of the topic ${topic}: --topic ${topic} redrives those`,
  },
  why,
  tries: 0,
});
