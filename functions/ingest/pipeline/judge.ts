import type { Rejection } from '../event/rejection.ts';
import { outOfRange } from '../event/time-range.ts';
import type { Delivery } from './delivery.ts';
import { duration } from './duration.ts';
import { isFuture, isLate, type MaxEventTime, raise, watermarkOf } from './watermark.ts';

/** The rules of lateness. Times are in milliseconds. */
export interface LatenessSettings {
  /** How far an event may be behind the maximum. */
  readonly outOfOrdernessMs: number;
  /** The events that a record is judged by: those before it, or those of its whole batch. */
  readonly latenessRule: 'running' | 'batch';
  /** How far an event may be ahead of its record's timestamp and still raise the maximum. */
  readonly maxFutureMs: number;
  /** The first and the last event time that are valid. */
  readonly earliestEventTime: number;
  readonly latestEventTime: number;
}

/**
 * Judges the records of one partition in offset order: each event is on time, or rejected as late.
 * @param start the maximum on reaching the first record.
 * @param now milliseconds; only records whose own timestamp lies ahead of it depend on it.
 */
export const judge = (
  deliveries: readonly Delivery[],
  start: MaxEventTime,
  settings: LatenessSettings,
  now: number,
): void => {
  const { outOfOrdernessMs, latenessRule } = settings;
  const whole = latenessRule === 'batch' ? maxOf(deliveries, start, settings, now) : null;
  let max = start;
  for (const delivery of deliveries) {
    const eventTime = timeOf(delivery, settings);
    if (eventTime !== null) {
      const seen = whole ?? max;
      if (seen !== null && isLate(eventTime, seen, outOfOrdernessMs))
        delivery.rejection = late(eventTime, watermarkOf(seen, outOfOrdernessMs));
      else if (isAhead(delivery, eventTime, settings, now)) delivery.future = true;
      else max = raise(max, eventTime);
    }
    delivery.maxEventTime = max;
  }
};

/** The time of a record's event; null where there is none. A time that the settings do not allow rejects the record. */
const timeOf = (
  delivery: Delivery,
  { earliestEventTime, latestEventTime }: LatenessSettings,
): number | null => {
  if (delivery.event === null || delivery.rejection !== null) return null;
  const { eventTime } = delivery.event;
  const rejection = outOfRange(eventTime, earliestEventTime, latestEventTime);
  if (rejection === null) return eventTime;
  delivery.rejection = { ...rejection, eventTime };
  return null;
};

const isAhead = (
  { record: { timestamp } }: Delivery,
  eventTime: number,
  { maxFutureMs }: LatenessSettings,
  now: number,
): boolean => isFuture(eventTime, timestamp, now, maxFutureMs);

/** Finds the maximum after the last record. */
const maxOf = (
  deliveries: readonly Delivery[],
  start: MaxEventTime,
  settings: LatenessSettings,
  now: number,
): MaxEventTime => {
  let max = start;
  for (const delivery of deliveries) {
    const eventTime = timeOf(delivery, settings);
    if (eventTime !== null && !isAhead(delivery, eventTime, settings, now))
      max = raise(max, eventTime);
  }
  return max;
};

const late = (eventTime: number, watermark: number): Rejection => ({
  kind: 'rejected',
  reason: 'late',
  detail: `event_time is ${duration(watermark - eventTime)} behind the watermark`,
  eventTime,
  watermark,
});
