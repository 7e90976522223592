import { flag, settings, wholeNumber } from './rules.ts';

export const functionSettings = settings({
  memory: wholeNumber('MB; processing power grows with it', 128, 10_240).default(512),
  // A Kafka event source mapping refuses functions of more than 14 minutes.
  timeoutSeconds: wholeNumber('seconds that an invocation may take', 10, 840).default(60),
  logRetentionDays: wholeNumber(
    'days that log lines are kept, one of CloudWatch’s steps',
    1,
    3653,
  ).default(30),
  reservedConcurrency: wholeNumber(
    'environments kept for the function, and its limit; not given: the account’s',
    1,
    10_000,
  ).optional(),
  tracing: flag('trace invocations with X-Ray').default(false),
}).prefault({});
