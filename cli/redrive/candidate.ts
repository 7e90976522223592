import type { KafkaRecord } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { RecordPlace } from '../record/record-place.ts';
import type { OutcomeName } from './outcome.ts';

/** Something that a source has, and that may be redriven. */
export interface Candidate {
  /** The record as `topic/partition/offset`; or the name of what could not be read as one. */
  readonly name: string;
  /** The record's place, by which it is marked; null where it is not known. */
  readonly place: RecordPlace | null;
  /** The record with its bytes, or why there are none. */
  readonly found: KafkaRecord | Problem;
  /** Why the source has it, as a sentence without contents. */
  readonly why: string;
  /** How many times it was redriven, as its own headers say. */
  readonly tries: number;
  /** Learns what became of it. */
  readonly settle?: (isFine: boolean) => void;
}

/** Why nothing can be redriven. */
export interface Problem {
  readonly outcome: Extract<OutcomeName, 'gone' | 'forgotten' | 'another topic' | 'unreadable'>;
  readonly detail: string;
}

/** Tells whether a candidate has no record. */
export const isProblem = (found: Candidate['found']): found is Problem => 'outcome' in found;

/** Names a record's place. */
export const placeName = ({ topic, partition, offset }: RecordPlace): string =>
  `${topic}/${partition}/${offset}`;
