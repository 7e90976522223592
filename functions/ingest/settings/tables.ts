import { oneOf, onOrOff, type Variables, wholeNumber } from './variable.ts';

const secondsOfADay = 86_400;

/** Days of the longest TTL of Cassandra and Keyspaces, 630,720,000 seconds. */
const mostTtlDays = 7_300;

/** The variables that say what the tables are like. */
export const tableVariables = {
  BUCKET: {
    setting: 'bucket',
    meaning:
      'one partition of `user_events` for each user and day, or each user and hour (another schema of the table)',
    fallback: 'day',
    ...oneOf('day', 'hour'),
  },
  EVENT_ID_IN_KEY: {
    setting: 'eventIdInKey',
    meaning:
      'whether `event_id` is the last clustering column of `user_events` (another schema of the table)',
    fallback: 'off',
    ...onOrOff,
  },
  REJECTED_TTL_DAYS: {
    setting: 'rejectedTtlSeconds',
    meaning: 'how long rejected records are kept, in days; 0: for ever',
    fallback: '30',
    ...wholeNumber(0, mostTtlDays, secondsOfADay),
  },
} as const satisfies Variables;
