// The process that is measured: `consumer.ts <bundle> <recording> <batches>`. It hands the recording's events to the bundle's handler
// one after the other, as the runtime does, and tells its parent what that took.
import { closeSync, openSync, readSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { eventFile } from './recording.ts';

/** What one run took. */
export interface Run {
  /**
   * Microseconds of this process, of all its threads, from its start to the last response; without the reading of the events'
   * texts, which is the runtime's work on Lambda.
   */
  readonly cpu: number;
  /** Milliseconds from the first event to the last response. */
  readonly elapsed: number;
  /** Milliseconds of each batch, from its text to its response's. */
  readonly latencies: readonly number[];
  /** Milliseconds of the longest pauses of the collector, and of all. */
  readonly longestPause: number;
  /** Bytes: the largest resident set. */
  readonly memory: number;
  readonly failures: number;
}

interface Bundle {
  handler(event: unknown, context: object): Promise<{ batchItemFailures: readonly unknown[] }>;
  close(): Promise<void>;
}

const [, , bundle = '', recording = '', batches = ''] = process.argv;
const count = Number(batches);

let longestPause = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestPause = Math.max(longestPause, duration);
}).observe({ entryTypes: ['gc'] });

const { handler, close } = (await import(pathToFileURL(bundle).href)) as Bundle;
const latencies: number[] = [];
let failures = 0;
const microseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
/** Of the largest event, and more: pages that are not written take no memory. */
const buffer = Buffer.allocUnsafe(64 * 2 ** 20);
/** Into one buffer for all: a buffer for each would be garbage, and collecting it no work of the function's. */
const read = (file: string): string => {
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, buffer);
  closeSync(descriptor);
  return buffer.toString('utf8', 0, length);
};
let reading = 0;
/**
 * Begins an invocation, and does not wait for it: so nobody holds the event's text while the handler waits, as nobody does in
 * Lambda's runtime (aws-lambda-ric 3.3.0, handleOnceNonStreaming).
 */
const invoke = (index: number): { start: number; response: ReturnType<Bundle['handler']> } => {
  const before = microseconds();
  const text = read(eventFile(recording, index));
  reading += microseconds() - before;
  const start = performance.now();
  const deadline = Date.now() + 60_000;
  const context = { getRemainingTimeInMillis: () => deadline - Date.now() };
  return { start, response: handler(JSON.parse(text), context) };
};
const began = performance.now();
for (let index = 0; index < count; index += 1) {
  const { start, response } = invoke(index);
  const { batchItemFailures } = await response;
  JSON.stringify({ batchItemFailures });
  latencies.push(performance.now() - start);
  failures += batchItemFailures.length;
}
const run: Run = {
  cpu: microseconds() - reading,
  elapsed: performance.now() - began,
  latencies,
  longestPause,
  memory: process.resourceUsage().maxRSS * 1024,
  failures,
};
process.send?.(run);
await close();
process.disconnect();
