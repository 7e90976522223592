import { randomUUID } from 'node:crypto';
import type { InvokeResult } from '../function/invoke-result.ts';
import { type EventSource, toEventJson } from './kafka-event.ts';

/** Why records were given up. AWS documents the first two; the third is the name that Kinesis mappings have for it. */
export type FailureCondition =
  | 'RetryAttemptsExhausted'
  | 'MaximumPayloadSizeExceeded'
  | 'RecordAgeExceeded';

/**
 * Keeps what the mapping gives up, as the bucket of an S3 destination does. When it rejects, the records are dropped
 * and counted, as by AWS.
 */
export type OnFailureDestination = (envelope: FailureEnvelope) => void | Promise<void>;

/**
 * What AWS writes to an S3 destination, one object for what was given up together.
 * https://docs.aws.amazon.com/lambda/latest/dg/kafka-on-failure.html
 */
export interface FailureEnvelope {
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: FailureCondition;
    readonly approximateInvokeCount: number;
  };
  /** Null where the function was never asked. */
  readonly responseContext: {
    readonly statusCode: 200;
    readonly executedVersion: '$LATEST';
    readonly functionError?: 'Unhandled';
  } | null;
  readonly version: '1.0';
  /** ISO 8601. */
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

/** Offsets as text, times as ISO 8601. */
interface RecordsInfo {
  readonly firstRecordOffset: string;
  readonly lastRecordOffset: string;
  readonly firstRecordTimestamp: string;
  readonly lastRecordTimestamp: string;
}

interface GivenUpPartition {
  readonly identifier: string;
  readonly records: readonly {
    readonly offset: number;
    readonly timestamp: number;
    readonly json: string;
  }[];
}

export interface Failure {
  readonly condition: FailureCondition;
  readonly parts: readonly GivenUpPartition[];
  /** How often the function was asked. */
  readonly invocations: number;
  /** Its last answer. */
  readonly result: InvokeResult | undefined;
}

export const failureEnvelope = (
  { source, functionArn }: { readonly source: EventSource; readonly functionArn: string },
  { condition, parts, invocations, result }: Failure,
): FailureEnvelope => {
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

const recordsInfo = (records: GivenUpPartition['records']): RecordsInfo => {
  const [first, last] = [records[0], records.at(-1)];
  const time = (timestamp = 0): string => new Date(timestamp).toISOString();
  return {
    firstRecordOffset: `${first?.offset}`,
    lastRecordOffset: `${last?.offset}`,
    firstRecordTimestamp: time(first?.timestamp),
    lastRecordTimestamp: time(last?.timestamp),
  };
};
