// The process of bench/cold-start.ts, JavaScript so that no types are stripped while it is timed: `… <bundle> <event>`. The handler's
// log line ends the time, for it is written when the write is acknowledged.
import { readFileSync } from 'node:fs';

const [, , bundle, event] = process.argv;
if (bundle === undefined) process.stdout.write('{"message":"batch"}\n');
else {
  const { handler } = await import(bundle);
  const context = { getRemainingTimeInMillis: () => 60_000 };
  await handler(JSON.parse(readFileSync(event, 'utf8')), context);
}
