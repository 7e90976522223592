import { earliestTime } from '../event/readable-time.ts';
import type { Checked, Findings, Variables } from './variable.ts';

const lastMillisecondOfADay = 86_399_999;

/**
 * Reads a date, or a date and time in UTC, in milliseconds since the epoch; undefined for another text, and for a time before the
 * first that every driver reads.
 */
const timeOf = (text: string): number | undefined => {
  const match = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.exec(text);
  const time = match === null ? Number.NaN : Date.parse(text);
  // Date.parse takes 30 February for 2 March.
  return time >= earliestTime && new Date(time).toISOString().startsWith(match?.[1] ?? '')
    ? time
    : undefined;
};

/** Reads the end of a range: a date alone stands for its last millisecond. */
const lastTimeOf = (text: string): number | undefined => {
  const time = timeOf(text);
  return time === undefined || text.includes('T') ? time : time + lastMillisecondOfADay;
};

/** The variables that narrow the event times that are valid. */
export const eventTimeVariables = {
  EVENT_TIME_EARLIEST: {
    setting: 'earliestEventTime',
    meaning: 'the first valid `event_time`; a date stands for its first millisecond',
    rule: 'a date, or a date and time in UTC, like `2020-01-01T00:00:00Z`',
    fallback: '0001-01-01',
    parse: timeOf,
  },
  EVENT_TIME_LATEST: {
    setting: 'latestEventTime',
    meaning: 'the last valid `event_time`; a date stands for its last millisecond',
    rule: 'a date, or a date and time in UTC, like `2099-12-31T23:59:59Z`',
    fallback: '9999-12-31',
    parse: lastTimeOf,
  },
} as const satisfies Variables;

/** Checks that the range of event times is not empty. */
export const eventTimeFindings = ({
  earliestEventTime,
  latestEventTime,
}: Checked<typeof eventTimeVariables>): Findings => [
  earliestEventTime !== undefined &&
    latestEventTime !== undefined &&
    earliestEventTime >= latestEventTime &&
    'EVENT_TIME_EARLIEST must be before EVENT_TIME_LATEST',
];
