import { settings, text, wholeNumber } from './rules.ts';

export const alarms = settings({
  topicArn: text(
    'the SNS topic that alarms are sent to; without one they only change colour',
    'an SNS topic’s ARN',
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/,
  ).optional(),
  runbook: text(
    'the address of docs/operations.md, which alarms link to',
    'a URL or path of at most 850 characters: AWS takes descriptions of alarms up to 1,024',
    /^\S{1,850}$/,
  ).default('docs/operations.md'),
  maxOffsetLag: wholeNumber(
    'records that a partition may be behind for 15 minutes before it alarms',
    1,
    1_000_000_000,
  ).default(100_000),
  watermarkLagSeconds: wholeNumber(
    'seconds that event time may be behind for 15 minutes before it alarms',
    60,
    604_800,
  ).default(3600),
  rejectedPercent: wholeNumber(
    'percentage of records that may be rejected, late events not counted',
    0,
    100,
  ).default(1),
  latePercent: wholeNumber('percentage of records that may be late', 0, 100).default(10),
  futurePercent: wholeNumber(
    'percentage of records whose events may be further ahead of their timestamps than MAX_FUTURE_SECONDS',
    0,
    100,
  ).default(10),
  silenceMinutes: wholeNumber(
    'minutes without a record after which to alarm; if left out, silence does not alarm',
    5,
    1440,
  ).optional(),
}).prefault({});
