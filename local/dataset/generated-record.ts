import type { BrokenReason } from '../../cli/verify/rules/expected.ts';

/**
 * The fields of a `UserEvent` as they are encoded: the fields that the generator chooses deliberately, and all other fields of
 * the schema.
 */
export interface EncodedEvent {
  readonly user_id: string;
  readonly event_type: string;
  readonly event_time: number;
  readonly event_id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The rejection reasons that are possible without a schema registry. */
export type RejectedReason = BrokenReason | 'late' | 'refused';

/** The result that the generator intends for a record. */
export type Intent =
  | { readonly kind: 'on-time' | 'future' | 'late'; readonly event: EncodedEvent }
  | { readonly kind: 'broken'; readonly reason: BrokenReason };

/** A record to be produced, with the generator's intent. */
export interface GeneratedRecord {
  readonly partition: number;
  /** The record's offset on a fresh topic. */
  readonly offset: number;
  /** The record's timestamp, in milliseconds. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer])[];
  readonly intent: Intent;
}
