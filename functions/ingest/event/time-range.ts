import { timeField } from './plan.ts';
import { type Rejection, rejected } from './rejection.ts';

/** The units in which times are sometimes counted by mistake, with their milliseconds and the remedy for a field. */
const otherUnits = [
  { unit: 'seconds', milliseconds: 1e3, remedy: 'the producer must send milliseconds' },
  {
    unit: 'microseconds',
    milliseconds: 1e-3,
    remedy:
      'the field needs the logical type timestamp-micros, or the producer must send milliseconds',
  },
  {
    unit: 'nanoseconds',
    milliseconds: 1e-6,
    remedy:
      'the field needs the logical type timestamp-nanos, or the producer must send milliseconds',
  },
] as const;
const plausible = [Date.UTC(2000, 0), Date.UTC(2100, 0)] as const;

/** Tells whether a time in milliseconds lies in the years 2000 to 2099. */
export const isPlausible = (time: number): boolean => time >= plausible[0] && time < plausible[1];

/** Finds the unit in which an implausible number may count the time; undefined where none makes it plausible. */
export const unitOf = (time: number): (typeof otherUnits)[number] | undefined =>
  otherUnits.find(({ milliseconds }) => isPlausible(time * milliseconds));

/**
 * Rejects a time outside its bounds; returns null for a valid time. The bounds are absolute, so that a redelivered record is judged
 * equally. The sentence has the unit in which the time may be counted, and not the time.
 * @param time milliseconds since the epoch.
 * @param name the field.
 */
export const outOfRange = (
  time: number,
  earliest: number,
  latest: number,
  name: string = timeField,
): Rejection | null => {
  // Comparisons with NaN are false: a NaN bound is no bound, and a NaN time is tested by itself.
  if (!(time < earliest || time > latest || Number.isNaN(time))) return null;
  const other = unitOf(time);
  const hint = other === undefined ? '' : `; it may count ${other.unit}: ${other.remedy}`;
  const range = [earliest, latest].map((bound) => new Date(bound).toISOString());
  return rejected('invalid_event_time', `${name} must be from ${range.join(' to ')}${hint}`);
};
