// The process of bench/measure.ts, JavaScript as a deployed function's is: Node's compiler of types would be 20 MB of its memory.
// `… <bundle>`; for each message of its parent, the files of some events, it hands these to the bundle's handler one after the other,
// as the runtime does, and answers with what that took (the `Turn` of measure.ts).
import { on } from 'node:events';
import { closeSync, openSync, readSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , bundle = ''] = process.argv;
/** From the first line on: what the parent sends while the bundle is loaded waits. */
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
/** Of the largest event, and more: pages that are not written take no memory. */
const buffer = Buffer.allocUnsafe(64 * 2 ** 20);
/** Into one buffer for all: a buffer for each would be garbage, and collecting it no work of the function's. */
const read = (file) => {
  const descriptor = openSync(file, 'r');
  const length = readSync(descriptor, buffer);
  closeSync(descriptor);
  return buffer.toString('utf8', 0, length);
};
let reading = 0;
/**
 * Begins an invocation, and does not wait for it: so nobody holds the event's text while the handler waits, as nobody does in
 * Lambda's runtime for Node 24 (aws-lambda-ric 4.0.2, LifecycleManager.next).
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

/** With what the process does between its turns: compiling and collecting go on when there is an answer. */
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
