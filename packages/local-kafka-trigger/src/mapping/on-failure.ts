import { randomUUID } from 'node:crypto';
import type { InvokeResult } from '../function/invoke-result.ts';
import type { WaitingRecord } from './batch.ts';
import { type EventSource, toEventJson } from './kafka-event.ts';

/** The cause for which records were given up. AWS documents the first two; the third is the name in Kinesis mappings. */
export type FailureCondition =
  | 'RetryAttemptsExhausted'
  | 'MaximumPayloadSizeExceeded'
  | 'RecordAgeExceeded';

/**
 * Keeps the records that the mapping gives up, as the bucket of an S3 destination does. When it rejects, the records are dropped
 * and counted, as on AWS.
 */
export type OnFailureDestination = (envelope: FailureEnvelope) => void | Promise<void>;

/**
 * The object that AWS writes to an S3 destination for records that were given up together.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export interface FailureEnvelope {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: FailureCondition;
    readonly approximateInvokeCount: number;
  };
  /** The function's last response; null where the function was never invoked. */
  readonly responseContext: {
    readonly statusCode: 200;
    readonly executedVersion: '$LATEST';
    readonly functionError?: 'Unhandled';
  } | null;
  readonly version: '1.0';
  /** The time of giving up, in ISO 8601. */
  readonly timestamp: string;
  readonly KafkaBatchInfo: {
    readonly batchSize: number;
    readonly eventSourceArn?: string;
    readonly bootstrapServers: string;
    readonly payloadSize: number;
    readonly recordsInfo: Readonly<Record<string, RecordsInfo>>;
  };
  /** The event with these records, as JSON text. */
  readonly payload: string;
}

/** The first and last record of a partition: offsets as text, times in ISO 8601. */
interface RecordsInfo {
  readonly firstRecordOffset: string;
  readonly lastRecordOffset: string;
  readonly firstRecordTimestamp: string;
  readonly lastRecordTimestamp: string;
}

interface GivenUpPartition {
  readonly identifier: string;
  readonly records: readonly Omit<WaitingRecord, 'bytes'>[];
}

/** Makes the envelope of records that are given up after so many invocations with them, of which the last one had the result. */
export const failureEnvelope = (
  { source, functionArn }: { readonly source: EventSource; readonly functionArn: string },
  given: {
    readonly condition: FailureCondition;
    readonly parts: readonly GivenUpPartition[];
    readonly invocations: number;
    readonly result: InvokeResult | undefined;
  },
): FailureEnvelope => {
  const { condition, parts, invocations, result } = given;
  const payload = toEventJson(source, parts);
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn,
      condition,
      approximateInvokeCount: invocations,
    },
    responseContext:
      result === undefined
        ? null
        : {
            statusCode: 200,
            executedVersion: '$LATEST',
            ...(result.kind === 'error' && { functionError: 'Unhandled' }),
          },
    version: '1.0',
    timestamp: new Date().toISOString(),
    KafkaBatchInfo: {
      batchSize: parts.reduce((sum, { records }) => sum + records.length, 0),
      ...(source.kind === 'msk' && { eventSourceArn: source.eventSourceArn }),
      bootstrapServers: source.bootstrapServers,
      payloadSize: Buffer.byteLength(payload),
      recordsInfo: Object.fromEntries(
        parts.map((part) => [part.identifier, recordsInfo(part.records)]),
      ),
    },
    payload,
  };
};

const maxTime = 8.64e15;

const recordsInfo = (records: GivenUpPartition['records']): RecordsInfo => {
  const [first, last] = [records[0], records.at(-1)];
  // Kafka takes times that no date of JavaScript can be.
  const time = (timestamp = 0): string =>
    new Date(Math.min(Math.max(timestamp, -maxTime), maxTime)).toISOString();
  return {
    firstRecordOffset: `${first?.offset}`,
    lastRecordOffset: `${last?.offset}`,
    firstRecordTimestamp: time(first?.timestamp),
    lastRecordTimestamp: time(last?.timestamp),
  };
};
