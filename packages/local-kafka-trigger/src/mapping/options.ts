import type { InvokeResult } from '../function/invoke-result.ts';
import type { KafkaConnection } from '../kafka/connection.ts';
import type { Backoff } from './backoff.ts';
import type {
  BatchJudgement,
  DeliveredPartition,
  PartialFailureReading,
} from './batch-response.ts';
import type { EventSource } from './kafka-event.ts';
import type { FailureCondition, OnFailureDestination } from './on-failure.ts';
import type { Nulls } from './record-json.ts';

export interface PollerOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  /** Default: a group of this run alone, as a mapping without a group has its UUID. */
  readonly consumerGroup?: string;
  /** The origin that the event names. Default: self-managed Kafka at the connection's brokers. */
  readonly source?: EventSource;
  /** Calls the function. A rejection means that the function could not be called at all, and ends the mapping. */
  readonly invoke: (eventJson: string) => Promise<InvokeResult>;

  /** The start where the group has committed nothing. Default `TRIM_HORIZON`, the oldest record of the topic. */
  readonly startingPosition?: StartingPosition;
  /** The time from which records are read, for `AT_TIMESTAMP` alone. */
  readonly startingPositionTimestamp?: Date;
  /** The way of reading. AWS has `Queue` too, which is refused here: no poller of a share group is emulated. */
  readonly consumptionMode?: 'Stream' | 'Queue';
  /** Records in one event, over all its partitions: 1 to 10,000. Default 100. */
  readonly batchSize?: number;
  /** Milliseconds for which a batch may wait to fill: 0 to 300,000. Default 500. */
  readonly maxBatchingWindowMs?: number;
  /** Concurrent invocations, each of different partitions: 1 to 5. Default 1. */
  readonly concurrency?: number;
  /** The largest event, in bytes. AWS fixes it at the default, 6 MiB. */
  readonly payloadBytes?: number;
  /** Provisioned mode, which AWS requires for the next four settings. Default true. */
  readonly provisioned?: boolean;
  /** Reads the response (`FunctionResponseTypes`). Default true in provisioned mode. */
  readonly reportBatchItemFailures?: boolean;
  /**
   * Retries of a batch before it is given up: 0 to 10,000. Default -1: without end, or 10 with an on-failure destination. Every
   * invocation that reports a failure counts, even if it got further than the last.
   */
  readonly retryAttempts?: number;
  /** Seconds of age after which a record is given up: 60 to 604,800. Default -1: never. */
  readonly maxRecordAgeSeconds?: number;
  /** Retries a batch in halves when its invocation failed as a whole; this does not count as a retry. Default false. */
  readonly bisectBatchOnError?: boolean;
  /** The destination of records that are given up; without it they are dropped, and counted. */
  readonly onFailure?: OnFailureDestination;
  /** The function's ARN, as the destination gets it. */
  readonly functionArn?: string;
  /** The meaning of a partial failure. Default `failed-only`, the wording of AWS. */
  readonly partialFailures?: PartialFailureReading;
  /** Milliseconds within which partitions that are added to the topic are read: 100 to 3,600,000. Default 30,000. */
  readonly metadataMaxAgeMs?: number;
  /** The form of a null key or value. Default `absent`. */
  readonly nulls?: Nulls;
  /** The pause between the attempts at a batch. Default 100 milliseconds doubling up to 2 seconds. */
  readonly backoff?: Backoff;

  /** Called after every invocation that has been judged and committed. */
  readonly onBatch?: (report: BatchReport, invocation: Invoked) => void;
  /** Called with errors that the mapping survives: a lost connection, a rebalance during a commit. */
  readonly onError?: (error: Error) => void;
  /** Called with records that were given up, after the destination was. */
  readonly onGivenUp?: (report: GivenUpReport) => void;
  /** Returns true to lose the commit of a batch, as if the poller had died just then. */
  readonly loseCommit?: (
    batch: readonly DeliveredPartition[],
    judgement: BatchJudgement,
  ) => boolean;
}

export const startingPositions = ['TRIM_HORIZON', 'LATEST', 'AT_TIMESTAMP'] as const;
export type StartingPosition = (typeof startingPositions)[number];

/** What an invocation was given, and its end. */
export interface Invoked {
  readonly eventJson: string;
  readonly result: InvokeResult;
}

/** The report of one invocation. */
export interface BatchReport {
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  readonly records: number;
  /** The records of the invocation that this mapping had delivered before. */
  readonly retried: number;
  readonly eventBytes: number;
  readonly durationMs: number;
  readonly judgement: BatchJudgement;
  readonly partitions: readonly PartitionReport[];
}

interface PartitionReport {
  readonly identifier: string;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly records: number;
  /** The records that will be delivered again. */
  readonly toRetry: number;
}

export interface GivenUpReport {
  readonly condition: FailureCondition;
  readonly records: number;
  /** True where the on-failure destination has the records; else they are dropped. */
  readonly kept: boolean;
  readonly partitions: readonly Omit<PartitionReport, 'records' | 'toRetry'>[];
}
