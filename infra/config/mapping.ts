import * as z from 'zod';
import { flag, oneOf, settings, text, wholeNumber } from './rules.ts';

/**
 * The event source mapping. The limits are those of the Lambda API, CreateEventSourceMapping, and of
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html.
 */
export const mapping = settings({
  batchSize: wholeNumber('records of a batch, at most', 1, 10_000).default(1000),
  batchingWindowSeconds: wholeNumber(
    'how long a batch is waited for; 0: what is there is taken at once',
    0,
    300,
  ).default(1),
  pollers: z
    .union(
      [
        oneOf('known, and refused with the reason: give minimum and maximum', ['on-demand']),
        settings({
          minimum: wholeNumber('event pollers that are always there', 1, 200),
          maximum: wholeNumber('event pollers at most; never more than partitions', 1, 2000),
        }),
      ],
      {
        error: ({ input }) =>
          `must be an object with minimum, 1 to 200, and maximum, 1 to 2000 (given ${JSON.stringify(input)})`,
      },
    )
    .default({ minimum: 1, maximum: 4 }),
  retryAttempts: wholeNumber(
    'times that a batch is tried again before it goes to the on-failure destination; -1, for ever, is refused',
    -1,
    10_000,
  ).default(100),
  maxRecordAgeSeconds: wholeNumber(
    'records older than this go to the on-failure destination untried; not given: none does',
    60,
    604_800,
  ).optional(),
  bisect: flag('halve a batch that failed whole, so that the other half goes on').default(true),
  startingPosition: oneOf('where a group begins that has committed nothing yet', [
    'trim-horizon',
    'at-timestamp',
    'latest',
  ]).default('trim-horizon'),
  startingTimestamp: text(
    'the time for at-timestamp, not in the future',
    'a time like 2026-11-25T00:00:00Z',
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  ).optional(),
  logLevel: oneOf('the mapping’s own log lines, in the function’s log group', [
    'WARN',
    'INFO',
    'DEBUG',
  ]).default('WARN'),
});
