import { flag, settings, wholeNumber } from './rules.ts';

export const functionSettings = settings({
  // The largest batches that Lambda delivers take up to 311 MiB (test/integration/largest-batches.test.ts).
  memory: wholeNumber('memory in MB; the share of a CPU grows with it', 128, 10_240).default(512),
  // The function’s own deadlines hold down to 30 s (functions/ingest/pipeline/deadlines.ts). A batch of 1,000 takes less than a second;
  // the rest of the time is for a database that is slow or away for a moment, so that the batch need not be delivered again.
  timeoutSeconds: wholeNumber(
    'seconds that an invocation may take',
    30,
    840,
    'with less, Lambda could kill an invocation while the database hangs; AWS takes no more for a Kafka mapping',
  ).default(60),
  logRetentionDays: wholeNumber(
    'days that log lines are kept, one of the numbers that CloudWatch takes',
    1,
    3653,
  ).default(30),
  reservedConcurrency: wholeNumber(
    'environments that are kept for the function, and at most run; if left out, the account’s limit holds',
    1,
    10_000,
  ).optional(),
  tracing: flag('trace invocations with X-Ray').default(false),
}).prefault({});
