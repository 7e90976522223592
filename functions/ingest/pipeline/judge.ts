import { isRejection, type Rejection } from '../event/rejection.ts';
import { outOfRange } from '../event/time-range.ts';
import type { UserEvent } from '../event/user-event.ts';
import type { Settings } from '../settings/read-settings.ts';
import type { KafkaRecord } from './kafka-record.ts';
import { isFuture, isLate, type MaxEventTime, raise, watermarkOf } from './watermark.ts';

/** What a record should become, before anything is written. */
export type Verdict = {
  readonly record: KafkaRecord;
  /** Of the record among those that were judged with it, from 0 on. */
  readonly place: number;
  /** The partition's maximum after this record. */
  readonly maxEventTime: MaxEventTime;
} & (
  | { readonly kind: 'on-time'; readonly event: UserEvent; readonly future: boolean }
  | { readonly kind: 'rejected'; readonly rejection: Rejection }
);

export type JudgeSettings = Pick<
  Settings,
  'outOfOrdernessMs' | 'latenessRule' | 'maxFutureMs' | 'earliestEventTime' | 'latestEventTime'
>;

/** A record with what its value was read as. */
export interface Reading {
  readonly record: KafkaRecord;
  readonly event: UserEvent | Rejection;
}

/**
 * Judges the records of one partition in offset order, from the maximum on reaching the first.
 * @param now milliseconds; only records whose own timestamp lies ahead of it depend on it.
 */
export const judge = (
  readings: readonly Reading[],
  start: MaxEventTime,
  settings: JudgeSettings,
  now: number,
): Verdict[] => {
  const { outOfOrdernessMs, latenessRule } = settings;
  const whole = latenessRule === 'batch' ? maxOf(readings, start, settings, now) : null;
  let max = start;
  const verdicts: Verdict[] = [];
  for (const reading of readings) {
    const { record } = reading;
    const event = withinSettings(reading, settings);
    const place = verdicts.length;
    if (isRejection(event)) {
      verdicts.push({ record, place, maxEventTime: max, kind: 'rejected', rejection: event });
      continue;
    }
    const { eventTime } = event;
    const seen = latenessRule === 'batch' ? whole : max;
    if (seen !== null && isLate(eventTime, seen, outOfOrdernessMs)) {
      const rejection = late(eventTime, watermarkOf(seen, outOfOrdernessMs));
      verdicts.push({ record, place, maxEventTime: max, kind: 'rejected', rejection });
      continue;
    }
    const ahead = isAhead(record, event, settings, now);
    if (!ahead) max = raise(max, eventTime);
    verdicts.push({ record, place, maxEventTime: max, kind: 'on-time', event, future: ahead });
  }
  return verdicts;
};

/** The event, or why it is none: also because the settings narrow what event times are valid. */
const withinSettings = (
  { event }: Reading,
  { earliestEventTime, latestEventTime }: JudgeSettings,
): Reading['event'] => {
  if (isRejection(event)) return event;
  const { eventTime } = event;
  const rejection = outOfRange(eventTime, earliestEventTime, latestEventTime);
  return rejection === null ? event : { ...rejection, eventTime };
};

const isAhead = (
  { timestamp }: KafkaRecord,
  { eventTime }: UserEvent,
  { maxFutureMs }: JudgeSettings,
  now: number,
): boolean => isFuture(eventTime, timestamp, now, maxFutureMs);

/** What the maximum has risen to after the last record. */
const maxOf = (
  readings: readonly Reading[],
  start: MaxEventTime,
  settings: JudgeSettings,
  now: number,
): MaxEventTime => {
  let max = start;
  for (const reading of readings) {
    const event = withinSettings(reading, settings);
    if (!isRejection(event) && !isAhead(reading.record, event, settings, now))
      max = raise(max, event.eventTime);
  }
  return max;
};

const late = (eventTime: number, watermark: number): Rejection => ({
  reason: 'late',
  detail: `event_time is ${watermark - eventTime} ms behind the watermark`,
  eventTime,
  watermark,
});
