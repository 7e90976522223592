import { consumerGroupName } from '../../functions/ingest/settings/kafka.ts';
import { LocalError } from '../local-error.ts';
import type { EventSourceMappingOptions } from './options.ts';

type Optional = 'onFailure' | 'onBatch' | 'onError' | 'onGivenUp' | 'faults';

export type Settings = Required<Omit<EventSourceMappingOptions, Optional>> &
  Pick<EventSourceMappingOptions, Optional>;

/** Infinity where they have no end. */
export const allowedRetries = ({ maximumRetryAttempts, onFailure }: Settings): number => {
  if (maximumRetryAttempts !== -1) return maximumRetryAttempts;
  // https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
  return onFailure === undefined ? Number.POSITIVE_INFINITY : 10;
};

/** @throws {LocalError} naming every setting, and every combination of settings, that Lambda would refuse. */
export const toSettings = (options: EventSourceMappingOptions): Settings => {
  const settings: Settings = {
    startingPosition: 'TRIM_HORIZON',
    batchSize: 100,
    windowMs: 500,
    concurrency: 1,
    payloadBytes: 6 * 1024 * 1024,
    provisioned: true,
    reportBatchItemFailures: options.provisioned ?? true,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    bisectBatchOnFunctionError: false,
    functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:ingest',
    partialFailures: 'failed-only',
    nulls: 'absent',
    backoff: { firstMs: 100, maxMs: 2000 },
    ...options,
  };
  const wrong = [...outOfRange(settings), ...withoutProvisioned(settings), ...names(settings)];
  if (wrong.length > 0) throw new LocalError(`The event source mapping: ${wrong.join('; ')}.`);
  return settings;
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const ranges = [
  ['batchSize', 1, 10_000],
  ['windowMs', 0, 300_000],
  ['concurrency', 1, 5],
  ['maximumRetryAttempts', 0, 10_000, -1],
  ['maximumRecordAgeSeconds', 60, 604_800, -1],
] as const;

const outOfRange = (settings: Settings): string[] =>
  ranges.flatMap(([name, min, max, infinite]) => {
    const value = settings[name];
    if (value === infinite || (Number.isInteger(value) && value >= min && value <= max)) return [];
    const or = infinite === undefined ? '' : `${infinite}, or `;
    return [`${name} must be ${or}a whole number from ${min} to ${max} (given ${value})`];
  });

const withoutProvisioned = (settings: Settings): string[] => {
  if (settings.provisioned) return [];
  const { reportBatchItemFailures, maximumRetryAttempts, maximumRecordAgeSeconds } = settings;
  return Object.entries({
    reportBatchItemFailures,
    maximumRetryAttempts: maximumRetryAttempts !== -1,
    maximumRecordAgeSeconds: maximumRecordAgeSeconds !== -1,
    bisectBatchOnFunctionError: settings.bisectBatchOnFunctionError,
  }).flatMap(([name, given]) => (given ? [`${name} needs provisioned mode`] : []));
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_AmazonManagedKafkaEventSourceConfig.html */
const names = ({ consumerGroup, topic }: Settings): string[] => [
  ...(consumerGroupName.pattern.test(consumerGroup)
    ? []
    : [`consumerGroup must be ${consumerGroupName.rule} (given "${consumerGroup}")`]),
  ...(/^[^.][a-zA-Z0-9\-_.]{1,248}$/.test(topic)
    ? []
    : [`topic must be 2 to 249 of a-z A-Z 0-9 - _ . and not begin with a dot (given "${topic}")`]),
];
