import { channel } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { Metrics } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import { eventPlan } from '../../schema/event-plan.ts';
import { configuredDecoder } from './avro/configured-decoder.ts';
import { EventLayout } from './bytes/event-layout.ts';
import { cassandraStores } from './cassandra/cassandra-stores.ts';
import { statements } from './cassandra/connection/prepare.ts';
import { createSession } from './cassandra/connection/session.ts';
import { type BatchResponse, toBatchResponse, toWholeResponse } from './kafka/to-batch-response.ts';
import { toRecords } from './kafka/to-partition-batches.ts';
import { countOutcomes } from './observability/counts.ts';
import { batchLine, failureLine, warningLine } from './observability/log-lines.ts';
import { batchMetrics, metricsNamespace } from './observability/metrics.ts';
import { publish } from './observability/publish.ts';
import { deadlines } from './pipeline/deadlines.ts';
import { createFlowControl } from './pipeline/flow-control.ts';
import { createIngest } from './pipeline/ingest.ts';
import { readSettings } from './settings/read-settings.ts';
import { settingWarnings } from './settings/warnings.ts';

/** Requests in flight at most: enough to keep two connections busy, far below the driver's 1,024 for each. */
const mostConcurrent = 128;

/** Schemas asked for at once: a topic has few, and a registry serves many. */
const mostConcurrentSchemas = 8;

// What a batch makes lives for that batch. Where a batch waits through a few collections in a row, V8 learns that such objects live
// long, makes all further ones in the old generation, and collects all of it three times as often (docs/performance.md).
setFlagsFromString('--no-allocation-site-pretenuring');

const config = readSettings(process.env);
const layout = new EventLayout(eventPlan(config));
const session = createSession(config, process.env);
const flow = createFlowControl(mostConcurrent);
const ingest = createIngest({
  config,
  decoder: configuredDecoder(config, layout),
  stores: cassandraStores(session, config, layout),
  flow,
  schemaFlow: createFlowControl(mostConcurrentSchemas),
  now: Date.now,
});

const metrics = new Metrics({ namespace: metricsNamespace });

/** Where every invocation's PartitionResult[] is published, for tools that run the handler in their own process. */
const results = channel('user-events.results');

const log = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

for (const warning of settingWarnings(config)) log(warningLine(warning));

// Lambda gives the start of a function more time than it gives most batches. A connect that fails here is tried
// again, and its error reported, by the first batch.
await session.connect(statements(config, layout)).catch(() => {});

/** What Lambda calls with the batches of a Kafka event source mapping. */
export const handler = middy<unknown, BatchResponse>({
  // Middy's own early timeout answers at once, and the partial result would be lost.
  timeoutEarlyInMillis: 0,
})
  .use({ onError: ({ error }) => log(failureLine(error)) })
  .handler(async (event, context) => {
    const began = performance.now();
    const batches = toRecords(event);
    const failedBefore = flow.transientFailures;
    const partitions = await ingest(batches, deadlines(context.getRemainingTimeInMillis()));
    results.publish(partitions);
    const effort = {
      durationMs: performance.now() - began,
      transientFailures: flow.transientFailures - failedBefore,
      concurrency: flow.concurrency,
    };
    const counts = countOutcomes(partitions);
    publish(
      metrics,
      batchMetrics(partitions, counts, effort, Date.now()),
      batchLine(partitions, counts, effort),
    );
    return (config.partialResponses ? toBatchResponse : toWholeResponse)(partitions);
  });

/** Closes the connections; for tools and tests. Lambda freezes the process and never calls it. */
export const close = (): Promise<void> => session.close();
