import type { JudgedBy, KnownMaximum } from './findings-file.ts';

/**
 * What is known of the largest event time that a partition has seen: it lies between `low` and `high`. Minus infinity stands for none, and
 * plus infinity for no bound (docs/decisions/0025-what-a-topic-tells-of-lateness.md).
 */
export interface Maximum {
  readonly low: number;
  readonly high: number;
}

/** The maximum of a partition that has seen no event. */
export const noMaximum: Maximum = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.NEGATIVE_INFINITY,
};

/** The maximum of a partition of which nothing is known. */
export const unknownMaximum: Maximum = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
};

export type Lateness = 'late' | 'on time' | 'unknown';

/** Tells whether an event is late, as far as the topic shows it. Times are in milliseconds. */
export const latenessOf = (
  { low, high }: Maximum,
  eventTime: number,
  { outOfOrdernessMs, latenessRule }: Pick<JudgedBy, 'outOfOrdernessMs' | 'latenessRule'>,
): Lateness => {
  if (eventTime < low - outOfOrdernessMs) return 'late';
  // By the rule `batch` the records behind an event count too, and the topic does not show where its batch ended.
  if (latenessRule === 'batch') return 'unknown';
  return eventTime >= high - outOfOrdernessMs ? 'on time' : 'unknown';
};

/**
 * Finds the maximum after an event.
 * @param timestamp the record's own; negative for none.
 * @param isCertain false where the function may not have handled the record.
 */
export const maximumAfter = (
  { low, high }: Maximum,
  eventTime: number,
  timestamp: number,
  { maxFutureMs, isCertain = true }: { readonly maxFutureMs: number; readonly isCertain?: boolean },
): Maximum => {
  // An event of the future moves nothing. Without a timestamp the function's clock decides, which nobody knows here.
  if (timestamp >= 0 && eventTime > timestamp + maxFutureMs) return { low, high };
  return {
    low: isCertain && timestamp >= 0 ? Math.max(low, eventTime) : low,
    high: Math.max(high, eventTime),
  };
};

/** Finds the maximum after a record that may have been an event, with any time. */
export const maximumAfterUnjudged = (
  { low, high }: Maximum,
  timestamp: number,
  { maxFutureMs }: Pick<JudgedBy, 'maxFutureMs'>,
): Maximum => ({
  low,
  high: timestamp < 0 ? Number.POSITIVE_INFINITY : Math.max(high, timestamp + maxFutureMs),
});

/**
 * How far a record's timestamp may be ahead of the time at which the broker took it, in milliseconds. Kafka refuses one that is further
 * ahead (message.timestamp.after.max.ms is an hour by default), and clocks that are further ahead are rare.
 */
export const clockSkewMs = 3_600_000;

/**
 * Finds the maximum where records are gone that nobody can read.
 * @param timestamp the timestamp of the first record behind them: theirs were at most an hour later.
 */
export const maximumAfterGone = (
  { low, high }: Maximum,
  timestamp: number,
  { maxFutureMs }: Pick<JudgedBy, 'maxFutureMs'>,
): Maximum => ({
  low,
  high:
    timestamp < 0 ? Number.POSITIVE_INFINITY : higher(high, timestamp + clockSkewMs + maxFutureMs),
});

/** Finds the higher of a bound and another. What has no bound gets one. */
const higher = (high: number, other: number): number =>
  high === Number.POSITIVE_INFINITY ? other : Math.max(high, other);

/** Writes a maximum as a findings file has it. */
export const toKnown = ({ low, high }: Maximum): KnownMaximum => ({
  low: low === Number.NEGATIVE_INFINITY ? null : low,
  high:
    high === Number.NEGATIVE_INFINITY ? null : high === Number.POSITIVE_INFINITY ? 'unknown' : high,
});

/** Reads a maximum of a findings file. */
export const ofKnown = ({ low, high }: KnownMaximum): Maximum => ({
  low: low ?? Number.NEGATIVE_INFINITY,
  high: high === 'unknown' ? Number.POSITIVE_INFINITY : (high ?? Number.NEGATIVE_INFINITY),
});
