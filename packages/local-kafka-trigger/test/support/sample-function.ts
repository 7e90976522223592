import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

interface SampleEvent {
  readonly echo?: unknown;
  readonly throw?: string;
  readonly throwValue?: string;
  readonly exit?: number;
  readonly hang?: boolean;
  readonly nothing?: boolean;
  readonly log?: string;
  readonly variables?: boolean;
  readonly context?: boolean;
  readonly reject?: string;
  readonly big?: number;
  readonly connect?: number;
  readonly debug?: boolean;
  readonly unwritable?: 'circular' | 'bigint';
}

interface SampleContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  getRemainingTimeInMillis(): number;
}

if (process.env['FAIL_INIT'] !== undefined) throw new RangeError(process.env['FAIL_INIT']);

let invocations = 0;

/** A Lambda function that does what its event says. */
export const handler = async (event: SampleEvent, context: SampleContext): Promise<unknown> => {
  invocations += 1;
  if (event.throw !== undefined) throw new TypeError(event.throw);
  if (event.throwValue !== undefined) throw event.throwValue;
  if (event.exit !== undefined) process.exit(event.exit);
  if (event.nothing === true) return undefined;
  if (event.log !== undefined) process.stdout.write(event.log);
  if (event.connect !== undefined) await once(createConnection(event.connect), 'connect');
  if (event.hang === true) await delay(60_000);
  // biome-ignore lint/suspicious/noDebugger: the place where a test's debugger stops.
  if (event.debug === true) debugger;
  if (event.variables === true) return process.env;
  if (event.big !== undefined) return 'x'.repeat(event.big);
  if (event.reject !== undefined) {
    void Promise.reject(new TypeError(event.reject));
    await delay(60_000);
  }
  if (event.unwritable === 'bigint') return { count: 1n };
  if (event.unwritable === 'circular') {
    const own: { own?: unknown } = {};
    own.own = own;
    return own;
  }
  if (event.context === true) {
    const { awsRequestId, functionName, invokedFunctionArn } = context;
    const remaining = context.getRemainingTimeInMillis();
    return { awsRequestId, functionName, invokedFunctionArn, remaining };
  }
  return { echo: event.echo, invocations };
};
