import type { Reason } from '../../functions/ingest/event/rejection.ts';

/** The fields of a `UserEvent` as they are encoded: those that the generator means something by, and all others of the schema. */
export interface EncodedEvent {
  readonly user_id: string;
  readonly event_type: string;
  readonly event_time: number;
  readonly event_id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The reasons that values of no registry can be rejected for. */
export type RejectedReason = Exclude<Reason, 'unknown_schema' | 'incompatible_schema'>;

/** What the generator means a record to be. */
export type Intent =
  | { readonly kind: 'on-time' | 'future' | 'late'; readonly event: EncodedEvent }
  | { readonly kind: 'broken'; readonly reason: Exclude<RejectedReason, 'late' | 'refused'> };

/** A record to be produced, and what it is meant to be. */
export interface GeneratedRecord {
  readonly partition: number;
  /** On a fresh topic. */
  readonly offset: number;
  /** Milliseconds. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer])[];
  readonly intent: Intent;
}
