import middy, { type MiddyfiedHandler } from '@middy/core';
import { eventPlan } from '../../schema/event-plan.ts';
import { configuredDecoder } from './avro/configured-decoder.ts';
import { EventLayout } from './bytes/event-layout.ts';
import { cassandraStores } from './cassandra/cassandra-stores.ts';
import { mostRequestsInFlight } from './cassandra/connection/most-requests-in-flight.ts';
import { createSession } from './cassandra/connection/session.ts';
import {
  type BatchResponse,
  toAllOrNothingResponse,
  toBatchResponse,
} from './kafka/to-batch-response.ts';
import { toPartitionBatches } from './kafka/to-partition-batches.ts';
import { releaseOf } from './observability/release.ts';
import { createReporter } from './observability/reporter.ts';
import { deadlines } from './pipeline/deadlines.ts';
import { createFlowControl } from './pipeline/flow-control.ts';
import { createIngest } from './pipeline/ingest.ts';
import type { PartitionResult } from './pipeline/outcome.ts';
import { readSettings } from './settings/read-settings.ts';
import { settingWarnings } from './settings/warnings.ts';

/** Schemas asked for at once: a topic has few, and a registry serves many. */
const mostConcurrentSchemas = 8;

/** The function that writes events, put together. */
export interface IngestFunction {
  /** Handles the batches of a Kafka event source mapping: Lambda calls it. Several invocations may overlap. */
  readonly handler: MiddyfiedHandler<unknown, BatchResponse>;
  /** Connects to the database and prepares the statements; the first batch does so too. Throws where that fails. */
  connect(): Promise<void>;
  /** Closes the connections; for tools and tests. Lambda freezes the process and never calls it. */
  close(): Promise<void>;
}

export interface HandlerOptions {
  /** Learns what became of the records of each invocation; for tools. */
  readonly onResults?: (results: readonly PartitionResult[]) => void;
  /** Requests to the database in flight at most. */
  readonly mostConcurrent?: number;
}

/**
 * Puts the function together.
 * @param environment the variables that have its settings.
 * @throws {ConfigError} {EventPlanError} {SchemaError} where the settings or the schema files are wrong, naming every mistake.
 */
export const createHandler = (
  environment: Readonly<Record<string, string | undefined>>,
  { onResults, mostConcurrent = mostRequestsInFlight }: HandlerOptions = {},
): IngestFunction => {
  const settings = readSettings(environment);
  const layout = new EventLayout(eventPlan(settings));
  const session = createSession(settings, environment);
  const reporter = createReporter(releaseOf(environment));
  const flow = createFlowControl(mostConcurrent);
  const stores = cassandraStores(session, settings, layout, {
    mostConcurrent,
    warn: reporter.write,
  });
  const ingest = createIngest({
    settings,
    decoder: configuredDecoder(settings, layout),
    stores,
    flow,
    schemaFlow: createFlowControl(mostConcurrentSchemas),
    now: Date.now,
  });
  const respond = settings.partialResponses ? toBatchResponse : toAllOrNothingResponse;
  for (const warning of settingWarnings(settings)) reporter.warning(warning);

  return {
    handler: middy<unknown, BatchResponse>({
      // Middy's own early timeout answers at once, and the partial result would be lost.
      timeoutEarlyInMillis: 0,
    })
      .use({ onError: ({ error }) => reporter.failure(error) })
      .handler(async (event, context) => {
        const began = performance.now();
        const batches = toPartitionBatches(event);
        const results = await ingest(batches, deadlines(context.getRemainingTimeInMillis()));
        onResults?.(results);
        reporter.batch(results, {
          durationMs: performance.now() - began,
          concurrency: flow.concurrency,
        });
        return respond(results);
      }),
    connect: () => stores.connect(),
    close: () => session.close(),
  };
};
