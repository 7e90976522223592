import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { guardProcess } from '../servers/watchdog.ts';
import type { InvokeResult } from './invoke-result.ts';
import { type Invocation, type RuntimeError, startRuntimeApi } from './runtime-api.ts';

export interface FunctionOptions {
  /** The path of a `.mjs` file that exports `handler`. */
  readonly bundle: string;
  /** The function's own variables; Lambda's standard variables are added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Called with each line that the process writes. */
  readonly onLog: (line: string) => void;
  readonly functionName?: string;
  readonly memorySizeMb?: number;
}

/** Lambda's execution environment: one process with its Runtime API. It is not used again once it has ended. */
export interface ExecutionEnvironment extends AsyncDisposable {
  readonly pid: number | undefined;
  /** False after the end of the process, and after `kill`. */
  readonly alive: () => boolean;
  readonly invoke: (eventJson: string) => Promise<InvokeResult>;
  readonly signal: (signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => void;
}

type Failure = Extract<InvokeResult, { kind: 'error' }>;

const region = 'eu-west-1';
/** The seconds that Lambda gives an execution environment to start, where the function's timeout is shorter. */
const initSeconds = 10;
/** The largest response. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxResponseBytes = 6 * 1024 * 1024;

export const startExecutionEnvironment = async (
  options: FunctionOptions,
): Promise<ExecutionEnvironment> => {
  const { bundle, timeoutSeconds, functionName = 'ingest', memorySizeMb = 1024 } = options;
  const functionArn = `arn:aws:lambda:${region}:000000000000:function:${functionName}`;

  /** Fulfilled when the process asks for its first event, or with the failure when it never does. */
  const init = Promise.withResolvers<Failure | undefined>();
  let waiting: ((invocation: Invocation) => void) | undefined;
  let queued: Invocation | undefined;
  let running: { readonly requestId: string; end(result: InvokeResult): void } | undefined;
  let alive = true;

  const end = (requestId: string, result: InvokeResult): boolean => {
    if (running?.requestId !== requestId) return false;
    running.end(result);
    running = undefined;
    return true;
  };

  const api = await startRuntimeApi({
    next: () => {
      init.resolve(undefined);
      return new Promise((resolve) => {
        if (queued === undefined) waiting = resolve;
        else resolve(queued);
        queued = undefined;
      });
    },
    response: (requestId, payload) =>
      end(
        requestId,
        Buffer.byteLength(payload) > maxResponseBytes
          ? failure('function', {
              errorType: 'Function.ResponseSizeTooLarge',
              errorMessage: `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
            })
          : { kind: 'response', payload },
      ),
    error: (requestId, error) => end(requestId, failure('function', error)),
    initError: (error) => init.resolve(failure('init', error)),
  });

  const child = spawn(process.execPath, [join(import.meta.dirname, 'bootstrap.ts')], {
    cwd: dirname(bundle),
    env: {
      PATH: process.env['PATH'],
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${memorySizeMb}`,
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
      AWS_LAMBDA_LOG_STREAM_NAME: randomUUID(),
      LAMBDA_TASK_ROOT: dirname(bundle),
      _HANDLER: `${basename(bundle, '.mjs')}.handler`,
      ...options.environment,
      AWS_LAMBDA_RUNTIME_API: api.address,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  guardProcess(child);
  child.stdin.on('error', () => {}); // Standard input is never written to; it stays open while the parent lives.
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on('line', options.onLog);

  const ended = new Promise<void>((resolve) => {
    const onEnd = (how: string): void => {
      alive = false;
      const error = { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited: ${how}` };
      init.resolve(failure('init', error));
      if (running !== undefined) end(running.requestId, failure('exited', error));
      resolve();
    };
    // The `close` event comes after the last line, unlike `exit`.
    child.on('close', (code, signal) => onEnd(signal ?? `exit status ${code}`));
    child.on('error', (error) => onEnd(error.message));
  });

  const kill = (): void => {
    alive = false;
    child.kill('SIGKILL');
  };
  const killAfter = (seconds: number): NodeJS.Timeout => setTimeout(kill, seconds * 1000);

  const initTimer = killAfter(Math.max(initSeconds, timeoutSeconds));
  init.promise.then(() => clearTimeout(initTimer));

  return {
    pid: child.pid,
    alive: () => alive,
    signal: (signal) => (signal === 'SIGKILL' ? kill() : child.kill(signal)),
    invoke: async (eventJson) => {
      const failed = await init.promise;
      if (failed !== undefined) {
        kill();
        await ended;
        return failed;
      }
      const requestId = randomUUID();
      const result = Promise.withResolvers<InvokeResult>();
      if (!alive) {
        await ended;
        return failure('exited', {
          errorType: 'Runtime.ExitError',
          errorMessage: 'Runtime exited',
        });
      }
      running = { requestId, end: result.resolve };
      const deadlineMs = Date.now() + timeoutSeconds * 1000;
      const invocation: Invocation = { requestId, deadlineMs, functionArn, eventJson };
      if (waiting === undefined) queued = invocation;
      else waiting(invocation);
      waiting = undefined;

      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        kill();
      }, timeoutSeconds * 1000);
      const outcome = await result.promise;
      clearTimeout(timer);
      if (!timedOut || outcome.kind === 'response') return outcome;
      return failure('timeout', {
        errorType: 'Sandbox.Timedout',
        errorMessage: `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
      });
    },
    [Symbol.asyncDispose]: async () => {
      kill();
      await ended;
      await api[Symbol.asyncDispose]();
    },
  };
};

const failure = (cause: Failure['cause'], { errorType, errorMessage }: RuntimeError): Failure => ({
  kind: 'error',
  errorType,
  errorMessage,
  cause,
});
