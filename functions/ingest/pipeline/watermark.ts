/** The largest event time seen in a topic-partition, in milliseconds, or null before the first. */
export type MaxEventTime = number | null;

/** `max_event_time − bound` (Flink's bounded out-of-orderness, for each partition). Both in milliseconds. */
export const watermarkOf = (max: number, bound: number): number => max - bound;

/** Exactly the bound behind is on time; nothing is late before the first event. */
export const isLate = (eventTime: number, max: MaxEventTime, bound: number): boolean =>
  max !== null && eventTime < watermarkOf(max, bound);

/** Never falls. */
export const raise = (max: MaxEventTime, eventTime: number): number =>
  max === null || eventTime > max ? eventTime : max;

/**
 * Whether an event time lies so far ahead that its clock must be wrong: such an event is stored but does not move
 * the maximum. "Ahead" is ahead of the record's own timestamp, and of the wall clock where that is the earlier: a
 * redelivery an hour later must find the same event in the future (docs/decisions/0004-what-future-is-ahead-of.md).
 * A record without a timestamp (−1) is measured by the wall clock alone.
 */
export const isFuture = (
  eventTime: number,
  recordTimestamp: number,
  now: number,
  maxFuture: number,
): boolean => eventTime > (recordTimestamp >= 0 ? Math.min(now, recordTimestamp) : now) + maxFuture;
