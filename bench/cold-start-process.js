// The process that bench/cold-start.ts times: `… <bundle> <event>`. It is JavaScript, so that no types are stripped meanwhile. The
// handler's log line ends the time, for it is written when the write is acknowledged. A line of milliseconds follows: until this file
// runs, until the bundle is loaded, connected and prepared (Lambda's init), and until the first batch is written.
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
  // The process exits by itself: Node writes its compile cache only then, not when it is killed.
  process.exit();
}
