/** Why a record is kept out of `user_events`; the value of `rejected_events.reason`. */
export const reasons = [
  /** Its event time lies behind the watermark. */
  'late',
  /** It has no value. */
  'tombstone',
  /** Its value is not exactly one Avro `UserEvent`. */
  'undecodable',
  /** The schema that its value was written with does not exist. */
  'unknown_schema',
  /** Values of the schema that it was written with cannot be read as a `UserEvent`. */
  'incompatible_schema',
  'invalid_uuid',
  'invalid_event_type',
  'invalid_event_time',
  'invalid_metadata',
  /** The database will not take the row. */
  'refused',
] as const;

export type Reason = (typeof reasons)[number];

/** Why one record becomes no row of `user_events`. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly reason: Reason;
  /** A sentence for people; holds no contents of the record. */
  readonly detail: string;
  /** Milliseconds; where the event could be read. */
  readonly eventTime?: number;
  /** Milliseconds; what a late event was behind. */
  readonly watermark?: number;
}

/** Makes the rejection of a record. @param detail a sentence for people, without contents of the record. */
export const rejected = (reason: Reason, detail: string): Rejection => ({
  kind: 'rejected',
  reason,
  detail,
});
