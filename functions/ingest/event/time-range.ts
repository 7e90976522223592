import { timeField } from './plan.ts';
import { type Rejection, rejected } from './rejection.ts';

/** A time that is out of range may have been counted in another unit: how many milliseconds that has, and what to do. */
const otherUnits: readonly (readonly [milliseconds: number, what: string])[] = [
  [1e3, 'seconds: the producer must send milliseconds'],
  [
    1e-3,
    'microseconds: the field needs the logical type timestamp-micros, or the producer must send milliseconds',
  ],
  [
    1e-6,
    'nanoseconds: the field needs the logical type timestamp-nanos, or the producer must send milliseconds',
  ],
];
const plausible = [Date.UTC(2000, 0), Date.UTC(2100, 0)] as const;

/**
 * Tells why a time is not valid; null where it is. The bounds are absolute, so that a record that comes again has the same verdict. The
 * sentence has the unit that the time may be counted in, and not the time.
 * @param time milliseconds since the epoch.
 * @param name the field.
 */
export const outOfRange = (
  time: number,
  earliest: number,
  latest: number,
  name: string = timeField,
): Rejection | null => {
  // Written so that NaN is out of range, and bounds that are not set are none.
  if (!(time < earliest || time > latest || Number.isNaN(time))) return null;
  const unit = otherUnits.find(
    ([milliseconds]) => time * milliseconds >= plausible[0] && time * milliseconds < plausible[1],
  );
  const hint = unit === undefined ? '' : `; it may count ${unit[1]}`;
  const range = [earliest, latest].map((bound) => new Date(bound).toISOString());
  return rejected('invalid_event_time', `${name} must be from ${range.join(' to ')}${hint}`);
};
