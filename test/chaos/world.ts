import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type BatchReport,
  type EventSourceMapping,
  type EventSourceMappingOptions,
  type FailureEnvelope,
  type LambdaFunction,
  startEventSourceMapping,
} from 'local-kafka-trigger';
import type { Environment, Settings } from '../../functions/ingest/settings/read-settings.ts';
import type { GeneratedRecord } from '../../local/dataset/generated-record.ts';
import { createTopic } from '../../local/dataset/topic.ts';
import {
  countLine,
  createFunctionCounts,
  type FunctionCounts,
} from '../../local/function-counts.ts';

/** A poller with its function. */
type Member = EventSourceMapping & { readonly function: LambdaFunction };

/** The pipeline from Kafka to the database under load, with handles for faults. */
export interface World extends AsyncDisposable {
  readonly topic: string;
  readonly consumerGroup: string;
  /** The first member, which stays. */
  readonly mapping: Member;
  /** Starts another poller of the group, with a function of its own. */
  join(): Promise<Member>;
  /** Resolves when the next invocation has begun. */
  invocation(): Promise<void>;
  /** Freezes the first member's function between two invocations, until `release`. */
  hold(): Promise<void>;
  release(): void;
  /** The reports of handled records, which will not be redelivered, in their order. */
  readonly reports: readonly TimedReport[];
  /** Notes records that were stored. */
  produced(records: readonly GeneratedRecord[]): void;
  readonly records: readonly GeneratedRecord[];
  readonly envelopes: readonly FailureEnvelope[];
  readonly counts: FunctionCounts;
  /** Waits until all records that are stored now are committed. */
  caughtUp(): Promise<void>;
  /** Counts the delivered records of all members, also of those that have left. */
  delivered(): number;
}

interface TimedReport {
  /** The time in milliseconds, by `performance.now`. */
  readonly at: number;
  readonly handled: number;
  readonly report: BatchReport;
}

export interface WorldOptions {
  readonly bootstrapServers: readonly string[];
  readonly partitions: number;
  readonly bundle: string;
  readonly environment: Environment;
  readonly config: Pick<Settings, 'consumerGroup'>;
  readonly timeoutSeconds: number;
  readonly mapping: Partial<EventSourceMappingOptions>;
}

/** The milliseconds after which a stored record that is not committed counts as lost. */
const longestRecovery = 180_000;

export const openWorld = async (options: WorldOptions): Promise<World> => {
  const { bootstrapServers, partitions, bundle, environment, timeoutSeconds } = options;
  const { consumerGroup } = options.config;
  await using opened = new AsyncDisposableStack();
  const name = `chaos-${randomBytes(4).toString('hex')}`;
  const topic = opened.use(await createTopic(bootstrapServers, name, partitions));

  const records: GeneratedRecord[] = [];
  const ends = new Map<number, number>();
  const reports: TimedReport[] = [];
  const envelopes: FailureEnvelope[] = [];
  const counts = createFunctionCounts();
  const mappings: EventSourceMapping[] = [];
  let began = Promise.withResolvers<void>();
  let release = (): void => {};

  const join = async (): Promise<Member> => {
    const mapping = await startEventSourceMapping({
      brokers: bootstrapServers,
      topic: topic.name,
      consumerGroup,
      batchSize: 200,
      maxBatchingWindowMs: 100,
      onFailure: (envelope) => void envelopes.push(envelope),
      ...options.mapping,
      function: {
        handler: bundle,
        environment: { ...environment },
        timeoutSeconds,
        onLog: (line) => countLine(counts, line),
        onPlatformLog: (line) => {
          if (!line.startsWith('START ')) return;
          began.resolve();
          began = Promise.withResolvers();
        },
      },
      onBatch: (report) => {
        const handled = report.partitions.reduce((sum, one) => sum + one.records - one.toRetry, 0);
        reports.push({ at: performance.now(), handled, report });
      },
    });
    mappings.push(mapping);
    return mapping as Member;
  };

  const mapping = opened.use(await join());
  const owned = opened.move();
  return {
    topic: topic.name,
    consumerGroup,
    mapping,
    join,
    invocation: () => began.promise,
    hold: async () => {
      const released = Promise.withResolvers<void>();
      release = released.resolve;
      await mapping.inject('freeze', () => released.promise);
    },
    release: () => release(),
    reports,
    produced: (more) => {
      for (const record of more) {
        records.push(record);
        ends.set(record.partition, record.offset + 1);
      }
    },
    records,
    envelopes,
    counts,
    caughtUp: async () => {
      const stop = new AbortController();
      const tooLong = delay(longestRecovery, undefined, { signal: stop.signal }).then(() => {
        throw new Error(`what was stored was not committed within ${longestRecovery / 1000} s`);
      });
      tooLong.catch(() => {});
      await Promise.race([mapping.drained(new Map(ends)), tooLong]).finally(() => stop.abort());
    },
    delivered: () => mappings.reduce((sum, one) => sum + one.counts().delivered, 0),
    [Symbol.asyncDispose]: async () => {
      release();
      await owned.disposeAsync();
    },
  };
};
