import { startFunction } from '../../src/function/function-process.ts';

/** The bundle and the event of the command line. This process invokes the function once, and then keeps it running. */
const [bundle = '', event = ''] = process.argv.slice(2);
const lambda = await startFunction({
  handler: bundle,
  environment: {},
  timeoutSeconds: 30,
  onLog: () => {},
});
await lambda.invoke(event);
setInterval(() => {}, 60_000);
