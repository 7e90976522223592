import pLimit from 'p-limit';
import {
  type ExecutionEnvironment,
  type FunctionOptions,
  startExecutionEnvironment,
} from './execution-environment.ts';
import type { InvokeResult } from './invoke-result.ts';

/** A Lambda function that runs in a process of its own. */
export interface LambdaFunction extends AsyncDisposable {
  /** The process of the newest execution environment; `undefined` when there is none. */
  readonly pid: number | undefined;
  /** Invokes the function with one event at a time: a second event waits for the first. */
  readonly invoke: (eventJson: string) => Promise<InvokeResult>;
  /** Sends SIGKILL to the process; the next invocation begins in a new execution environment. */
  readonly kill: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
}

/**
 * Starts a function's first execution environment. When it ends (it exits, is killed, cannot start or runs past its timeout), the
 * next invocation starts another, as in Lambda. A failed start is the result of the invocation that needs it.
 */
export const startFunction = async (options: FunctionOptions): Promise<LambdaFunction> => {
  let environment: ExecutionEnvironment = await startExecutionEnvironment(options);
  let disposed = false;
  const oneAtATime = pLimit(1);

  const invoke = async (eventJson: string): Promise<InvokeResult> => {
    if (!disposed && !environment.alive()) {
      await environment[Symbol.asyncDispose]();
      environment = await startExecutionEnvironment(options);
    }
    if (disposed) throw new Error('The function has been disposed of');
    return environment.invoke(eventJson);
  };

  return {
    get pid() {
      return environment.alive() ? environment.pid : undefined;
    },
    invoke: (eventJson) => oneAtATime(() => invoke(eventJson)),
    kill: () => environment.signal('SIGKILL'),
    pause: () => environment.signal('SIGSTOP'),
    resume: () => environment.signal('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      disposed = true;
      environment.signal('SIGKILL'); // The running invocation ends now.
      await oneAtATime(() => environment[Symbol.asyncDispose]());
    },
  };
};
