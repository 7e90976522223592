import type { InvokeResult } from '../function/invoke-result.ts';
import type { Backoff } from './backoff.ts';
import type { BatchJudgement, PartialFailureReading } from './batch-response.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import type { EventSource } from './kafka-event.ts';
import type { FailureCondition, OnFailureDestination } from './on-failure.ts';
import type { Nulls } from './record-json.ts';

export interface EventSourceMappingOptions {
  readonly connection: KafkaConnection;
  readonly topic: string;
  readonly consumerGroup: string;
  /** What the event says of its origin. */
  readonly source: EventSource;
  /** Calls the function. A rejection is a fault of the surroundings, and ends the mapping. */
  readonly invoke: (eventJson: string) => Promise<InvokeResult>;

  /** The oldest record that the topic still has, where the group has committed nothing. */
  readonly startingPosition?: 'TRIM_HORIZON';
  /** Records in one event, over all its partitions: 1 to 10,000. Default 100. */
  readonly batchSize?: number;
  /** How long a batch may wait to fill: 0 to 300,000 milliseconds. Default 500. */
  readonly maxBatchingWindowMs?: number;
  /** Invocations at the same time, of different partitions: 1 to 5. Default 1. */
  readonly concurrency?: number;
  /** What an event may weigh, in bytes. AWS has it fixed at the default, 6 MiB. */
  readonly payloadBytes?: number;
  /** Whether pollers are provisioned, which AWS asks for the next four settings. Default true. */
  readonly provisioned?: boolean;
  /** Whether the response is read at all (`FunctionResponseTypes`). Default true where pollers are provisioned. */
  readonly reportBatchItemFailures?: boolean;
  /**
   * How often a batch is tried again before it is given up: 0 to 10,000. Default -1: without end, or with an on-failure
   * destination 10 times. Every invocation that reports a failure counts, also one that got further than the last.
   */
  readonly retryAttempts?: number;
  /** Records whose timestamp is older are given up: 60 to 604,800 seconds. Default -1: never. */
  readonly maxRecordAgeSeconds?: number;
  /** Whether a batch whose invocation failed whole is tried again in halves, which is no retry. Default false. */
  readonly bisectBatchOnError?: boolean;
  /** Where what is given up goes; without it that is dropped, and counted. */
  readonly onFailure?: OnFailureDestination;
  /** As the destination is told it. */
  readonly functionArn?: string;
  /** Default `failed-only`, the wording of AWS. */
  readonly partialFailures?: PartialFailureReading;
  /** Default `absent`. */
  readonly nulls?: Nulls;
  /** Between the attempts at a batch. Default 100 milliseconds doubling up to 2 seconds. */
  readonly backoff?: Backoff;

  /** Told of every invocation that has been judged and committed. */
  readonly onBatch?: (report: BatchReport) => void;
  /** Told of what was survived: a lost connection, a rebalance during a commit. */
  readonly onError?: (error: Error) => void;
  /** Told of records that were given up, after the destination was. */
  readonly onGivenUp?: (report: GivenUpReport) => void;
  /** For tests. */
  readonly faultHooks?: FaultHooks;
}

/** One invocation. */
export interface BatchReport {
  /** 1 the first time. */
  readonly attempt: number;
  readonly records: number;
  /** Of those, the ones that had been delivered before by this mapping. */
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
  /** How many will be delivered again. */
  readonly toRetry: number;
}

interface GivenUpReport {
  readonly condition: FailureCondition;
  readonly records: number;
  /** By the on-failure destination; else they are dropped. */
  readonly kept: boolean;
  readonly partitions: readonly Omit<PartitionReport, 'records' | 'toRetry'>[];
}

/** What a batch holds, for the faults. */
type BatchInFlight = readonly {
  readonly identifier: string;
  readonly records: readonly { readonly offset: number }[];
}[];

interface FaultHooks {
  readonly beforeInvoke?: (batch: BatchInFlight, attempt: number) => void | Promise<void>;
  /** Before the result is judged. */
  readonly afterInvoke?: (batch: BatchInFlight, result: InvokeResult) => void | Promise<void>;
  /** True: what succeeded is not committed, as if the poller had died just then. */
  readonly loseCommit?: (batch: BatchInFlight) => boolean;
}
