import type { Told } from './told.ts';

/** What AWS says of an event source mapping. */
interface MappingHealth {
  /** `Enabled`, `Disabled`, or a state between. */
  readonly state: string;
  /** Why it is in this state, in AWS's words. */
  readonly reason: string | null;
  /** What the last batch came to, in AWS's words: `OK`, or `PROBLEM: …`. */
  readonly lastResult: string | null;
}

/** An alarm of a stack. */
export interface AlarmHealth {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** What it means that it rings. */
  readonly meaning: string;
  /** Since when it has been in its state. */
  readonly since: Date | null;
}

/** What AWS has counted of a mapping in the last day. */
interface LostCounts {
  /** The records that were given up and went nowhere. */
  readonly dropped: number;
  /** The batches that the on-failure destination did not take. */
  readonly undelivered: number;
}

/** What lies in an on-failure destination. */
export interface OnFailureHealth {
  /** The batches, or as many of them as were counted. */
  readonly batches: number;
  /** True where there are more than were counted. */
  readonly isMore: boolean;
  /** When the oldest of them came; null where that is not told. */
  readonly oldest: Date | null;
}

/** What AWS says of a deployed pipeline. Each part is asked for by itself, for permissions may be missing for one of them. */
export interface StackHealth {
  readonly mapping: Told<MappingHealth>;
  readonly alarms: Told<readonly AlarmHealth[]>;
  readonly lost: Told<LostCounts>;
  /** Null without a destination, and for a topic of Kafka, of which AWS says nothing. */
  readonly onFailure: Told<OnFailureHealth | null>;
}
