import * as z from 'zod';
import { flag, oneOf, settings, text, wholeNumber } from './rules.ts';

/** The defaults of settings that only provisioned mode takes. */
export const provisioned = { retryAttempts: 100, bisect: true, logLevel: 'WARN' } as const;

/**
 * The settings of the event source mapping. The limits are those of Lambda's API CreateEventSourceMapping, and of
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-retry-configurations.html.
 */
export const mapping = settings({
  batchSize: wholeNumber(
    'records in a batch at most',
    1,
    10_000,
    'AWS takes no larger batch',
  ).default(1000),
  batchingWindowSeconds: wholeNumber(
    'seconds to wait for a full batch; with 0, the records that are there are taken at once',
    0,
    300,
    'AWS waits no longer',
  ).default(1),
  pollers: z
    .union(
      [
        oneOf(
          'on-demand: Lambda’s pollers, which are free, follow a load more slowly and lack the settings of provisioned mode; or provisioned mode:',
          ['on-demand'],
        ),
        settings({
          minimum: wholeNumber('event pollers that always run', 1, 200),
          maximum: wholeNumber(
            'event pollers at most; AWS never runs more than there are partitions',
            1,
            2000,
          ),
        }),
      ],
      {
        error: ({ input }) =>
          `must be on-demand, or an object with minimum, 1 to 200, and maximum, 1 to 2000 (given ${JSON.stringify(input)})`,
      },
    )
    .default({ minimum: 1, maximum: 4 }),
  retryAttempts: wholeNumber(
    'retries of a batch before it goes to the on-failure destination; -1: for ever, and only without a destination',
    -1,
    10_000,
    'AWS takes no other',
  )
    .meta({ otherwise: provisioned.retryAttempts })
    .optional(),
  maxRecordAgeSeconds: wholeNumber(
    'seconds after which a record goes to the on-failure destination untried; if left out, no record does',
    60,
    604_800,
    'AWS takes no other',
  ).optional(),
  bisect: flag('halve a batch whose invocation failed, so that the other half goes on')
    .meta({ otherwise: provisioned.bisect })
    .optional(),
  startingPosition: oneOf('where a consumer group begins that has committed no offset yet', [
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
    'another number makes a new mapping: needed when topic, consumerGroup or startingPosition changes, which AWS cannot update',
    1,
    1000,
  ).default(1),
  logLevel: oneOf('the level of the mapping’s own log lines, in the function’s log group', [
    'WARN',
    'INFO',
    'DEBUG',
  ])
    .meta({ otherwise: provisioned.logLevel })
    .optional(),
});
