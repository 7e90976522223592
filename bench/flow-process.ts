// The process that `npm run bench:flow` measures: `flow-process.ts <bundle> <plan>`. It hands the plan's events one after the other to
// handlers with other limits, then to the shipped handler, and sends its parent the measurements.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createHandler } from '../functions/ingest/create-handler.ts';
import { transientFailuresOf } from '../functions/ingest/observability/counts.ts';

/** A run of batches that are handled one after the other. */
export interface Run {
  /** The name of the measurement; runs of one name are taken together. Null for a run that only warms up. */
  readonly cell: string | null;
  /** The files of the events, as JSON text. */
  readonly events: readonly string[];
}

export interface Plan {
  /** The runs of handlers with another limit. Each run has a new consumer group, so events may come again. */
  readonly limited: readonly (Run & { readonly limit: number })[];
  /** The runs of the shipped handler. No event comes twice. */
  readonly shipped: readonly Run[];
}

/** The measurements of one batch, from its text to the response's text. */
export interface Took {
  readonly milliseconds: number;
  /** The CPU time of this process with all its threads, in microseconds. */
  readonly cpu: number;
  /** Requests that failed and were retried; unknown for the shipped handler. */
  readonly retried: number;
}

export type Measurement = readonly (readonly [cell: string, took: readonly Took[]])[];

type Handler = (
  event: unknown,
  context: { getRemainingTimeInMillis(): number },
) => Promise<{ batchItemFailures: readonly unknown[] }>;

const [, , bundle = '', planFile = ''] = process.argv;
const plan = JSON.parse(readFileSync(planFile, 'utf8')) as Plan;
const measurement = new Map<string, Took[]>();

const handle = async ({ cell, events }: Run, handler: Handler, retried = () => 0) => {
  for (const event of events) {
    const text = readFileSync(event, 'utf8');
    const retriedBefore = retried();
    const cpuBefore = process.cpuUsage();
    const began = performance.now();
    const deadline = Date.now() + 60_000;
    const response = await handler(JSON.parse(text), {
      getRemainingTimeInMillis: () => deadline - Date.now(),
    });
    JSON.stringify(response);
    const milliseconds = performance.now() - began;
    const { user, system } = process.cpuUsage(cpuBefore);
    if (response.batchItemFailures.length > 0) throw new Error(`a batch failed: ${event}`);
    if (cell === null) continue;
    const took = { milliseconds, cpu: user + system, retried: retried() - retriedBefore };
    measurement.set(cell, [...(measurement.get(cell) ?? []), took]);
  }
};

for (const [index, run] of plan.limited.entries()) {
  let retried = 0;
  const { handler, close } = createHandler(
    { ...process.env, CONSUMER_GROUP_ID: `${process.env['CONSUMER_GROUP_ID']}-${index}` },
    {
      mostConcurrent: run.limit,
      onResults(results) {
        retried += transientFailuresOf(results);
      },
    },
  );
  await handle(run, handler as unknown as Handler, () => retried);
  await close();
}

const { handler, close } = (await import(pathToFileURL(bundle).href)) as {
  handler: Handler;
  close(): Promise<void>;
};
for (const run of plan.shipped) await handle(run, handler);
await close();

// The channel is closed after the message has been sent: a closed channel loses the messages that it still holds.
process.send?.([...measurement] satisfies Measurement, () => process.disconnect());
