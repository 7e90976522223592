import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment, Settings } from '../../functions/ingest/settings/read-settings.ts';
import type { GeneratedRecord } from '../../local/dataset/generated-record.ts';
import { createTopic } from '../../local/dataset/topic.ts';
import {
  type EventSourceMapping,
  startEventSourceMapping,
} from '../../local/event-source-mapping/event-source-mapping.ts';
import type { FailureEnvelope } from '../../local/event-source-mapping/on-failure.ts';
import type {
  BatchReport,
  EventSourceMappingOptions,
} from '../../local/event-source-mapping/options.ts';
import { type LambdaFunction, startFunction } from '../../local/function/function-process.ts';
import {
  countLine,
  createFunctionCounts,
  type FunctionCounts,
} from '../../local/function-counts.ts';

/** A poller with its function. */
export interface Member extends AsyncDisposable {
  readonly ingest: LambdaFunction;
  readonly mapping: EventSourceMapping;
}

/** The pipeline from Kafka to the database under load, with handles for faults. */
export interface World extends AsyncDisposable {
  readonly topic: string;
  readonly consumerGroup: string;
  /** The function of the first member, which stays. */
  readonly ingest: LambdaFunction;
  readonly mapping: EventSourceMapping;
  /** Starts another poller of the group, with a function of its own. */
  join(): Promise<Member>;
  /** Resolves when the next invocation has begun. */
  invocation(): Promise<void>;
  /** Waits until no invocation of the first member runs, and lets none begin before `release`. */
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
  let gate = Promise.resolve();
  let openGate = (): void => {};
  let running = 0;
  let idle = Promise.withResolvers<void>();

  const begin = async (gated: boolean): Promise<Member> => {
    await using stack = new AsyncDisposableStack();
    const ingest = stack.use(
      await startFunction({
        bundle,
        environment: { ...environment },
        timeoutSeconds,
        onLog: (line) => countLine(counts, line),
      }),
    );
    const mapping = stack.use(
      await startEventSourceMapping({
        connection: { bootstrapServers },
        topic: topic.name,
        consumerGroup,
        source: { kind: 'self-managed', bootstrapServers: bootstrapServers.join(',') },
        batchSize: 200,
        maxBatchingWindowMs: 100,
        onFailure: (envelope) => void envelopes.push(envelope),
        ...options.mapping,
        invoke: async (eventJson) => {
          if (gated) {
            await gate;
            running += 1;
          }
          try {
            const result = ingest.invoke(eventJson);
            began.resolve();
            began = Promise.withResolvers();
            return await result;
          } finally {
            if (gated) {
              running -= 1;
              idle.resolve();
              idle = Promise.withResolvers();
            }
          }
        },
        onBatch: (report) => {
          const handled = report.partitions.reduce(
            (sum, one) => sum + one.records - one.toRetry,
            0,
          );
          reports.push({ at: performance.now(), handled, report });
        },
      }),
    );
    mappings.push(mapping);
    const owned = stack.move();
    return { ingest, mapping, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  };

  const { ingest, mapping } = opened.use(await begin(true));
  const owned = opened.move();
  return {
    topic: topic.name,
    consumerGroup,
    ingest,
    mapping,
    join: () => begin(false),
    invocation: () => began.promise,
    hold: async () => {
      const shut = Promise.withResolvers<void>();
      gate = shut.promise;
      openGate = shut.resolve;
      while (running > 0) await idle.promise;
    },
    release: () => openGate(),
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
      openGate();
      await owned.disposeAsync();
    },
  };
};
