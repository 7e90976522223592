import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { mostRequestsInFlight } from '../../../functions/ingest/cassandra/connection/most-requests-in-flight.ts';
import { longestReserve } from '../../../functions/ingest/pipeline/deadlines.ts';
import type { Guard } from './guard.ts';

/** Seconds that a slow database takes to answer a request. */
const slowAnswerSeconds = 0.5;

/** Rows a second that one environment writes to a slow database, if no two rows can share a request. */
const slowRowsPerSecond = mostRequestsInFlight / slowAnswerSeconds;

const reservedSeconds = longestReserve / 1_000;

/** Refuses a function that has no time for a whole batch. */
export const timeout: Guard = {
  needs: ['function', 'mapping'],
  find: ({ function: { timeoutSeconds }, mapping: { batchSize } }) => {
    const atLeast = Math.ceil(batchSize / slowRowsPerSecond) + reservedSeconds;
    return [
      timeoutSeconds < atLeast && [
        'function.timeoutSeconds',
        `must be at least ${atLeast} for a mapping.batchSize of ${batchSize}: a slow database takes ` +
          `${slowRowsPerSecond} rows a second from one environment, the last ${reservedSeconds} s are kept for requests in flight, ` +
          `and records that are not written in time are delivered again (given ${timeoutSeconds})`,
      ],
    ];
  },
};

export const retention: Guard = {
  needs: ['function'],
  find: ({ function: { logRetentionDays } }) => [
    !(logRetentionDays in RetentionDays) && [
      'function.logRetentionDays',
      `must be one of ${Object.values(RetentionDays)
        .filter((days) => typeof days === 'number' && days < RetentionDays.INFINITE)
        .join(', ')} (given ${logRetentionDays})`,
    ],
  ],
};
