import type { InvokeResult } from '../function/invoke-result.ts';
import { LocalError } from '../local-error.ts';
import type { Backoff } from './backoff.ts';
import type { PartialFailureReading, Verdict } from './batch-response.ts';
import type { KafkaConnection } from './kafka-connection.ts';
import type { EventSource } from './kafka-event.ts';
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
  readonly windowMs?: number;
  /** Invocations at the same time, of different partitions: 1 to 5. Default 1. */
  readonly concurrency?: number;
  /** What an event may weigh, in bytes. AWS has it fixed at the default, 6 MiB. */
  readonly payloadBytes?: number;
  /** Whether the response is read at all (`FunctionResponseTypes`). Default true. */
  readonly reportBatchItemFailures?: boolean;
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
  /** Told of a record that no event can hold, before the mapping ends for it. */
  readonly onOversized?: (record: OversizedRecord) => void;
  /** For tests. */
  readonly faults?: Faults;
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
  readonly verdict: Verdict;
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

interface OversizedRecord {
  readonly identifier: string;
  readonly offset: number;
  /** Of an event with this record alone. */
  readonly eventBytes: number;
}

/** What a batch holds, for the faults. */
type BatchInFlight = readonly {
  readonly identifier: string;
  readonly records: readonly { readonly offset: number }[];
}[];

interface Faults {
  readonly beforeInvoke?: (batch: BatchInFlight, attempt: number) => void | Promise<void>;
  /** Before the result is judged. */
  readonly afterInvoke?: (batch: BatchInFlight, result: InvokeResult) => void | Promise<void>;
  /** True: what succeeded is not committed, as if the poller had died just then. */
  readonly loseCommit?: (batch: BatchInFlight) => boolean;
}

export type Settings = Required<
  Omit<EventSourceMappingOptions, 'onBatch' | 'onError' | 'onOversized' | 'faults'>
> &
  Pick<EventSourceMappingOptions, 'onBatch' | 'onError' | 'onOversized' | 'faults'>;

/** @throws {LocalError} naming every setting that Lambda would refuse. */
export const toSettings = (options: EventSourceMappingOptions): Settings => {
  const settings: Settings = {
    startingPosition: 'TRIM_HORIZON',
    batchSize: 100,
    windowMs: 500,
    concurrency: 1,
    payloadBytes: 6 * 1024 * 1024,
    reportBatchItemFailures: true,
    partialFailures: 'failed-only',
    nulls: 'absent',
    backoff: { firstMs: 100, maxMs: 2000 },
    ...options,
  };
  const ranges = [
    ['batchSize', 1, 10_000],
    ['windowMs', 0, 300_000],
    ['concurrency', 1, 5],
  ] as const;
  const wrong = ranges
    .filter(([name, min, max]) => {
      const value = settings[name];
      return !(Number.isInteger(value) && value >= min && value <= max);
    })
    .map(
      ([name, min, max]) =>
        `${name} must be a whole number from ${min} to ${max} (given ${settings[name]})`,
    );
  // https://docs.aws.amazon.com/lambda/latest/api/API_AmazonManagedKafkaEventSourceConfig.html
  if (!/^[a-zA-Z0-9\-/*:_+=.@]{1,200}$/.test(settings.consumerGroup))
    wrong.push(
      `consumerGroup must be 1 to 200 of a-z A-Z 0-9 - / * : _ + = . @ (given "${settings.consumerGroup}")`,
    );
  if (!/^[^.][a-zA-Z0-9\-_.]{1,248}$/.test(settings.topic))
    wrong.push(
      `topic must be 2 to 249 of a-z A-Z 0-9 - _ . and not begin with a dot (given "${settings.topic}")`,
    );
  if (wrong.length > 0) throw new LocalError(`The event source mapping: ${wrong.join('; ')}.`);
  return settings;
};
