import { randomUUID } from 'node:crypto';
import { defined } from '../defined.ts';
import { TriggerError } from '../trigger-error.ts';
import { type PollerOptions, startingPositions } from './options.ts';

type Optional =
  | 'startingPositionTimestamp'
  | 'onFailure'
  | 'onBatch'
  | 'onError'
  | 'onGivenUp'
  | 'loseCommit';

export type MappingSettings = Required<Omit<PollerOptions, Optional>> &
  Pick<PollerOptions, Optional>;

/** Computes the number of allowed retries; Infinity where they have no end. */
export const allowedRetries = ({ retryAttempts, onFailure }: MappingSettings): number => {
  if (retryAttempts !== -1) return retryAttempts;
  // https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
  return onFailure === undefined ? Number.POSITIVE_INFINITY : 10;
};

/**
 * Completes the options with their defaults.
 * @throws {TriggerError} naming every setting, and every combination of settings, that Lambda would refuse.
 */
export const toSettings = (options: PollerOptions): MappingSettings => {
  const settings: MappingSettings = {
    consumerGroup: `local-kafka-trigger-${randomUUID()}`,
    source: {
      kind: 'self-managed',
      bootstrapServers: options.connection.bootstrapServers.join(','),
    },
    startingPosition: 'TRIM_HORIZON',
    consumptionMode: 'Stream',
    batchSize: 100,
    maxBatchingWindowMs: 500,
    concurrency: 1,
    payloadBytes: 6 * 1024 * 1024,
    provisioned: true,
    reportBatchItemFailures: options.provisioned ?? true,
    retryAttempts: -1,
    maxRecordAgeSeconds: -1,
    bisectBatchOnError: false,
    functionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:function',
    partialFailures: 'failed-only',
    metadataMaxAgeMs: 30_000,
    nulls: 'absent',
    backoff: { firstMs: 100, maxMs: 2000 },
    ...defined(options),
  };
  const wrong = [...outOfRange(settings), ...refused(settings)];
  if (wrong.length > 0) throw new TriggerError(`The event source mapping: ${wrong.join('; ')}.`);
  return settings;
};

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
const ranges = [
  ['batchSize', 1, 10_000],
  ['maxBatchingWindowMs', 0, 300_000],
  ['concurrency', 1, 5],
  ['retryAttempts', 0, 10_000, -1],
  ['maxRecordAgeSeconds', 60, 604_800, -1],
  ['metadataMaxAgeMs', 100, 3_600_000],
] as const;

const outOfRange = (settings: MappingSettings): string[] =>
  ranges.flatMap(([name, min, max, infinite]) => {
    const value = settings[name];
    if (value === infinite || (Number.isInteger(value) && value >= min && value <= max)) return [];
    const or = infinite === undefined ? '' : `${infinite}, or `;
    return [`${name} must be ${or}a whole number from ${min} to ${max} (given ${value})`];
  });

/** Lists the sentences of the rules that are broken; a rule is what must not be, and its sentence. */
const refused = (settings: MappingSettings): string[] => {
  const { topic, consumerGroup, startingPosition, startingPositionTimestamp: time } = settings;
  const onDemand = !settings.provisioned;
  const isAtTime = startingPosition === 'AT_TIMESTAMP';
  // https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html and kafka-starting-positions.html
  const rules: readonly (readonly [broken: boolean, sentence: string])[] = [
    [
      onDemand && settings.reportBatchItemFailures,
      'reportBatchItemFailures needs provisioned mode',
    ],
    [onDemand && settings.retryAttempts !== -1, 'retryAttempts needs provisioned mode'],
    [onDemand && settings.maxRecordAgeSeconds !== -1, 'maxRecordAgeSeconds needs provisioned mode'],
    [onDemand && settings.bisectBatchOnError, 'bisectBatchOnError needs provisioned mode'],
    [
      isAtTime !== (time !== undefined) || Number.isNaN(Number(time ?? 0)),
      'startingPositionTimestamp must be a time, and goes with AT_TIMESTAMP alone',
    ],
    [Number(time ?? 0) > Date.now(), 'startingPositionTimestamp must not be in the future'],
    [
      !startingPositions.includes(startingPosition),
      `startingPosition must be ${startingPositions.join(', ')} (given "${startingPosition}")`,
    ],
    [
      settings.consumptionMode === 'Queue',
      'consumptionMode Queue is not emulated: its share groups have no order; use Stream to run the function',
    ],
    [
      !/^[A-Za-z0-9\-/*:_+=.@]{1,200}$/.test(consumerGroup),
      `consumerGroup must be 1 to 200 of letters, digits and -/*:_+=.@ (given "${consumerGroup}")`,
    ],
    [
      !/^[^.][a-zA-Z0-9\-_.]{1,248}$/.test(topic),
      `topic must be 2 to 249 of a-z A-Z 0-9 - _ . and not begin with a dot (given "${topic}")`,
    ],
  ];
  return rules.flatMap(([broken, sentence]) => (broken ? [sentence] : []));
};
