import { flag, settings, wholeNumber } from './rules.ts';

export const functionSettings = settings({
  // The largest events that Lambda brings take up to 311 MiB (test/integration/largest-batches.test.ts).
  memory: wholeNumber('MB; processing power grows with it', 128, 10_240).default(512),
  // Down to 30 s the function’s own deadlines hold (functions/ingest/pipeline/deadlines.ts). A batch of 1,000 takes less than a second;
  // the rest is for a database that is slow or away for a moment, so that not every pause of it is a retry.
  timeoutSeconds: wholeNumber(
    'seconds that an invocation may take',
    30,
    840,
    'in less, a database that hangs could have an invocation killed; AWS takes no function of more behind Kafka',
  ).default(60),
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
