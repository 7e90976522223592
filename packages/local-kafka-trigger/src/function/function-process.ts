import pLimit from 'p-limit';
import { type ExecutionEnvironment, startExecutionEnvironment } from './execution-environment.ts';
import type { InvokeResult } from './invoke-result.ts';
import type { FunctionOptions } from './options.ts';
import { placeOf } from './program.ts';

/** A Lambda function that runs in processes of its own. */
export interface LambdaFunction extends AsyncDisposable {
  readonly arn: string;
  /** The process of the newest execution environment; `undefined` when it has ended. */
  readonly pid: number | undefined;
  /** Invokes the function, with as many events at a time as it has environments: others wait for them. */
  readonly invoke: (eventJson: string) => Promise<InvokeResult>;
  /** Sends SIGKILL to the processes; the next invocation begins in a new execution environment. */
  readonly kill: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
}

/**
 * Starts a function's first execution environment. When one ends (it exits, is killed, cannot start or runs past its timeout), the
 * next invocation starts another, as in Lambda. A failed start is the result of the invocation that needs it.
 */
export const startFunction = async (options: FunctionOptions): Promise<LambdaFunction> => {
  let newest: ExecutionEnvironment = await startExecutionEnvironment(options);
  const all = new Set([newest]);
  /** The environments without an invocation, the warmest last. */
  const idle = [newest];
  const running = new Set<Promise<InvokeResult>>();
  let disposed = false;
  const limit = pLimit(options.environments ?? 1);

  const start = async (): Promise<ExecutionEnvironment> => {
    newest = await startExecutionEnvironment(options);
    all.add(newest);
    return newest;
  };
  const end = async (environment: ExecutionEnvironment): Promise<void> => {
    all.delete(environment);
    await environment[Symbol.asyncDispose]();
  };

  const invoke = async (eventJson: string): Promise<InvokeResult> => {
    for (;;) {
      const environment = idle.pop() ?? (await start());
      if (disposed) throw new Error('The function has been disposed of');
      const result = await environment.invoke(eventJson);
      if (result !== undefined) {
        idle.push(environment);
        return result;
      }
      await end(environment);
    }
  };

  const signal = (name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void => {
    for (const environment of all) environment.signal(name);
  };
  return {
    arn: placeOf(options).arn,
    get pid() {
      return newest.pid();
    },
    invoke: (eventJson) => {
      const invocation = limit(() => invoke(eventJson));
      running.add(invocation);
      const ended = () => running.delete(invocation);
      invocation.then(ended, ended);
      return invocation;
    },
    kill: () => signal('SIGKILL'),
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      signal('SIGKILL'); // The running invocations end now.
      await Promise.allSettled(running);
      await Promise.all([...all].map(end));
    },
  };
};
