import { startFunction } from '../../local/function/function-process.ts';

/** Invokes a function once, with the bundle and the event of the command line, and then holds on to it. */
const [bundle = '', event = ''] = process.argv.slice(2);
const lambda = await startFunction({
  bundle,
  environment: {},
  timeoutSeconds: 30,
  onLog: () => {},
});
await lambda.invoke(event);
setInterval(() => {}, 60_000);
