// The process that bench/measure.ts measures: `… <bundle>`. It is JavaScript, as a deployed function is: Node's stripping of types would
// be 20 MB of its memory. A message of its parent names files of events. It hands these to the bundle's handler one after the
// other, as Lambda's runtime does, and answers with the measurements (the `Turn` of measure.ts).
import { on } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , bundle = ''] = process.argv;
/** The parent's messages, collected from the first line on: those sent while the bundle is loaded must wait. */
const turns = on(process, 'message', { close: ['disconnect'] });

let longestPause = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) longestPause = Math.max(longestPause, duration);
}).observe({ entryTypes: ['gc'] });

const { handler, close } = await import(pathToFileURL(bundle).href);

const microseconds = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
/** A buffer larger than the largest event: pages that are never written take no memory. */
const buffer = Buffer.allocUnsafe(64 * 2 ** 20);
/** Reads an event's file into the one buffer: a buffer for each file would be garbage, whose collection is no work of the function. */
const read = (file) => {
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, buffer);
  closeSync(descriptor);
  return buffer.toString('utf8', 0, length);
};
let reading = 0;
/**
 * Begins an invocation without awaiting it. So the event's text can be collected while the handler waits, as in Lambda's
 * runtime for Node 24 (aws-lambda-ric 4.0.2, LifecycleManager.next).
 */
const invoke = (file) => {
  const before = microseconds();
  const text = read(file);
  reading += microseconds() - before;
  const start = performance.now();
  const deadline = Date.now() + 60_000;
  const context = { getRemainingTimeInMillis: () => deadline - Date.now() };
  return { start, response: handler(JSON.parse(text), context) };
};

/** The CPU time counted so far. It includes the work between turns: compiling and garbage collection go on after an answer. */
let counted = 0;
for await (const [files] of turns) {
  const latencies = [];
  let failures = 0;
  const began = performance.now();
  for (const file of files) {
    const { start, response } = invoke(file);
    const { batchItemFailures } = await response;
    JSON.stringify({ batchItemFailures });
    latencies.push(performance.now() - start);
    failures += batchItemFailures.length;
  }
  const elapsed = performance.now() - began;
  const cpu = microseconds() - reading;
  process.send({
    cpu: cpu - counted,
    elapsed,
    latencies,
    longestPause,
    failures,
  });
  counted = cpu;
}
await close();
