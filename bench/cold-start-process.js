// The process of bench/cold-start.ts, JavaScript so that no types are stripped while it is timed: `… <bundle> <event>`. The handler's
// log line ends the time, for it is written when the write is acknowledged; a line of milliseconds follows: until this file runs,
// until the bundle is loaded, connected and prepared, which is what Lambda calls init, and until the first batch is written.
import { readFileSync } from 'node:fs';

const [, , bundle, event] = process.argv;
if (bundle === undefined) process.stdout.write('{"message":"batch"}\n');
else {
  const boot = performance.now();
  const { handler } = await import(bundle);
  const init = performance.now();
  const context = { getRemainingTimeInMillis: () => 60_000 };
  await handler(JSON.parse(readFileSync(event, 'utf8')), context);
  const written = performance.now();
  process.stdout.write(`${JSON.stringify([boot, init - boot, written - init])}\n`);
  // By itself, and not killed: only then does Node write its compile cache.
  process.exit();
}
