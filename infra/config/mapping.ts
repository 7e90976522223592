import * as z from 'zod';
import { flag, oneOf, settings, text, wholeNumber } from './rules.ts';

/** What only provisioned mode takes, as it is there where a stage does not say. */
export const provisioned = { retryAttempts: 100, bisect: true, logLevel: 'WARN' } as const;

/**
 * The event source mapping. The limits are those of the Lambda API, CreateEventSourceMapping, and of
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html.
 */
export const mapping = settings({
  batchSize: wholeNumber(
    'records of a batch, at most',
    1,
    10_000,
    'AWS takes no larger batch',
  ).default(1000),
  batchingWindowSeconds: wholeNumber(
    'how long a batch is waited for; 0: what is there is taken at once',
    0,
    300,
    'AWS waits no longer',
  ).default(1),
  pollers: z
    .union(
      [
        oneOf(
          'Lambda’s own, free, slower to follow, and without the controls below; or pollers of one’s own (provisioned mode):',
          ['on-demand'],
        ),
        settings({
          minimum: wholeNumber('event pollers that are always there', 1, 200),
          maximum: wholeNumber('event pollers at most; never more than partitions', 1, 2000),
        }),
      ],
      {
        error: ({ input }) =>
          `must be on-demand, or an object with minimum, 1 to 200, and maximum, 1 to 2000 (given ${JSON.stringify(input)})`,
      },
    )
    .default({ minimum: 1, maximum: 4 }),
  retryAttempts: wholeNumber(
    'times that a batch is tried again before it goes to the on-failure destination; -1, only without one: for ever',
    -1,
    10_000,
    'AWS takes no other',
  )
    .meta({ otherwise: provisioned.retryAttempts })
    .optional(),
  maxRecordAgeSeconds: wholeNumber(
    'records older than this go to the on-failure destination untried; not given: none does',
    60,
    604_800,
    'AWS takes no other',
  ).optional(),
  bisect: flag('halve a batch that failed whole, so that the other half goes on')
    .meta({ otherwise: provisioned.bisect })
    .optional(),
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
  generation: wholeNumber(
    'another number is another mapping, for a change that AWS has no update for: of topic, consumerGroup or startingPosition',
    1,
    1000,
  ).default(1),
  logLevel: oneOf('the mapping’s own log lines, in the function’s log group', [
    'WARN',
    'INFO',
    'DEBUG',
  ])
    .meta({ otherwise: provisioned.logLevel })
    .optional(),
});
