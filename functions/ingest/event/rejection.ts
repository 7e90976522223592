/** The reasons for which a record is kept out of `user_events`; the values of `rejected_events.reason`. */
export const reasons = [
  /** The event time lies behind the watermark. */
  'late',
  /** The record has no value. */
  'tombstone',
  /** The value is not exactly one `UserEvent` in Avro or JSON. */
  'undecodable',
  /** The writer's schema does not exist. */
  'unknown_schema',
  /** The writer's schema does not resolve to a `UserEvent`. */
  'incompatible_schema',
  'invalid_uuid',
  'invalid_event_type',
  'invalid_event_time',
  'invalid_metadata',
  /** The database refuses the row. */
  'refused',
] as const;

export type Reason = (typeof reasons)[number];

/** The rejection of a record, which then becomes no row of `user_events`. */
export interface Rejection {
  readonly kind: 'rejected';
  readonly reason: Reason;
  /** A sentence for people, without contents of the record. */
  readonly detail: string;
  /** The event time in milliseconds; absent where the event could not be read. */
  readonly eventTime?: number;
  /** The watermark that a late event was behind, in milliseconds. */
  readonly watermark?: number;
}

/**
 * Makes the rejection of a record.
 * @param detail a sentence for people, without contents of the record.
 */
export const rejected = (reason: Reason, detail: string): Rejection => ({
  kind: 'rejected',
  reason,
  detail,
});
