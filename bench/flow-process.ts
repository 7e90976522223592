// The process that `npm run bench:flow` measures: `flow-process.ts <bundle> <plan>`. It hands the plan's events one after the other to
// the handler's parts put together with other limits, then to the handler that is shipped, and tells its parent what each took.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createHandler } from '../functions/ingest/create-handler.ts';
import { transientFailuresOf } from '../functions/ingest/observability/counts.ts';

/** Batches that are handled one after the other. */
export interface Run {
  /** Names what is measured; runs of one name are taken together. Null: to warm up. */
  readonly cell: string | null;
  /** Files of events, as JSON text. */
  readonly events: readonly string[];
}

export interface Plan {
  /** Of the handler's parts with a limit of their own; each run is a consumer group that begins anew, so events may come again. */
  readonly limited: readonly (Run & { readonly limit: number })[];
  /** Of the handler that is shipped. No event comes twice. */
  readonly shipped: readonly Run[];
}

/** What one batch took, from its text to its response's. */
export interface Took {
  readonly milliseconds: number;
  /** Microseconds of this process, of all its threads. */
  readonly cpu: number;
  /** Requests that failed and were tried again; not known of the shipped handler. */
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

// Not before it is sent: what a channel still holds when it is closed is lost.
process.send?.([...measurement] satisfies Measurement, () => process.disconnect());
