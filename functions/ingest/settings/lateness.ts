import { oneOf, type Variables, wholeNumber } from './variable.ts';

/** Seconds of a week: the most that an event may be behind or ahead. */
const mostSeconds = 604_800;
const millisecondsOfASecond = 1_000;

/** The variables that say which events are late, and what becomes of them (docs/architecture.md). */
export const latenessVariables = {
  OUT_OF_ORDERNESS_SECONDS: {
    setting: 'outOfOrdernessMs',
    meaning: 'how far behind the largest event time an event may be before it is late, in seconds',
    fallback: '120',
    ...wholeNumber(0, mostSeconds, millisecondsOfASecond),
  },
  LATENESS_RULE: {
    setting: 'latenessRule',
    meaning:
      'compare an event with the records before it (`running`), or with its whole batch as well (`batch`)',
    fallback: 'running',
    ...oneOf('running', 'batch'),
  },
  LATE_EVENTS: {
    setting: 'lateEvents',
    meaning: 'keep late events in `rejected_events`, or only count them',
    fallback: 'keep',
    ...oneOf('keep', 'drop'),
  },
  MAX_FUTURE_SECONDS: {
    setting: 'maxFutureMs',
    meaning:
      'how far ahead of its record’s timestamp (or of the clock, if that is earlier) an event time may be and still raise the largest event time, in seconds; above OUT_OF_ORDERNESS_SECONDS, one fast clock makes other events late',
    fallback: { sameAs: 'OUT_OF_ORDERNESS_SECONDS' },
    ...wholeNumber(0, mostSeconds, millisecondsOfASecond),
  },
} as const satisfies Variables;
