import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { guardProcess } from '../watchdog/guard.ts';
import type { InvokeResult } from './invoke-result.ts';
import type { FunctionOptions } from './options.ts';
import { maxMemoryMb, reportLine } from './platform-log.ts';
import { placeOf, programOf } from './program.ts';
import { type Invocation, startRuntimeApi } from './runtime-api.ts';

/** Lambda's execution environment: one process with its Runtime API. It is not used again once it has ended. */
export interface ExecutionEnvironment extends AsyncDisposable {
  /** `undefined` after the end of the process, and after it was killed. */
  readonly pid: () => number | undefined;
  /** Gives an event to the process; `undefined` where that has ended after an earlier event, and another has to be started. */
  readonly invoke: (eventJson: string) => Promise<InvokeResult | undefined>;
  readonly signal: (signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT') => void;
}

type Failure = Extract<InvokeResult, { kind: 'error' }>;

/** The seconds that Lambda gives an execution environment to start, where the function's timeout is shorter. */
const initSeconds = 10;
/** The largest response. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxResponseBytes = 6 * 1024 * 1024;

export const startExecutionEnvironment = async (
  options: FunctionOptions,
): Promise<ExecutionEnvironment> => {
  const {
    functionName = 'function',
    memorySizeMb = 128,
    onLog = () => {},
    onPlatformLog = () => {},
  } = options;
  const program = programOf(options);
  // A day, for who sits at a breakpoint.
  const timeoutSeconds = options.inspect === undefined ? (options.timeoutSeconds ?? 3) : 86_400;
  // A debugger speaks to a process that runs.
  const freezes = options.inspect === undefined;
  /** True while the caller has stopped the process. */
  let paused = false;
  const { region, arn: functionArn } = placeOf(options);

  /** Gives what takes an event when the process asks for one, and the failure when it never does. */
  let ready = Promise.withResolvers<((invocation: Invocation) => void) | Failure>();
  /** True once the process has asked for its first event. */
  let initialised = false;
  let used = false;
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
      if (!initialised) initMs = performance.now() - started;
      initialised = true;
      if (freezes) send('SIGSTOP');
      return new Promise((resolve) => ready.resolve(resolve));
    },
    response: (requestId, payload) =>
      end(
        requestId,
        Buffer.byteLength(payload) > maxResponseBytes
          ? failure(
              'function',
              'Function.ResponseSizeTooLarge',
              `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
            )
          : { kind: 'response', payload },
      ),
    error: (requestId, { errorType, errorMessage }) =>
      end(requestId, failure('function', errorType, errorMessage)),
    initError: ({ errorType, errorMessage }) =>
      ready.resolve(failure('init', errorType, errorMessage)),
  });

  const started = performance.now();
  const child = spawn(program.file, program.args, {
    cwd: program.codeFolder,
    env: {
      PATH: process.env['PATH'],
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${memorySizeMb}`,
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
      AWS_LAMBDA_LOG_STREAM_NAME: randomUUID(),
      LAMBDA_TASK_ROOT: program.codeFolder,
      _HANDLER: program.handler,
      ...options.environment,
      AWS_LAMBDA_RUNTIME_API: api.address,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A terminal's Ctrl-C does not reach it: the batch in flight is finished first.
    detached: true,
  });
  guardProcess(child);
  child.stdin.on('error', () => {}); // Standard input is never written to; it stays open while the parent lives.
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on('line', onLog);

  /** True once the process has ended, and each that it has started has let go of its output. */
  let closed = false;
  const ended = new Promise<void>((resolve) => {
    const onEnd = (how: string): void => {
      alive = false;
      closed = true;
      const exited = failure(
        initialised ? 'exited' : 'init',
        'Runtime.ExitError',
        `Runtime exited: ${how}`,
      );
      ready.resolve(exited);
      if (running !== undefined) end(running.requestId, exited);
      resolve();
    };
    // The `close` event comes after the last line, unlike `exit`.
    child.on('close', (code, signal) => onEnd(signal ?? `exit status ${code}`));
    child.on('error', (error) => onEnd(error.message));
    // What it has left behind ends with it, as the environment does on AWS.
    child.on('exit', () => send('SIGKILL'));
  });

  /** Signals the process and those that it has started. */
  const send = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined || closed) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // All of them have ended just then.
    }
  };
  const kill = (): void => {
    alive = false;
    send('SIGKILL');
  };
  /** Kills the process if it does not ask for an event in time. */
  const expectReady = (seconds: number): void => {
    const timer = setTimeout(() => {
      ready.resolve(timedOut('Init', seconds));
      kill();
    }, seconds * 1000);
    ready.promise.then(() => clearTimeout(timer));
  };
  expectReady(Math.max(initSeconds, timeoutSeconds));
  /** The time of the init, until an invocation has reported it. */
  let initMs: number | undefined;

  return {
    pid: () => (alive ? child.pid : undefined),
    signal: (signal) => {
      if (signal === 'SIGKILL') return kill();
      paused = signal === 'SIGSTOP';
      send(signal);
    },
    invoke: async (eventJson) => {
      const take = await ready.promise;
      if (typeof take !== 'function' || !alive) {
        kill();
        await ended;
        // The failure of a start is the result of the invocation that needs it.
        if (used) return undefined;
        used = true;
        return typeof take === 'function'
          ? failure('exited', 'Runtime.ExitError', 'Runtime exited')
          : take;
      }
      used = true;
      ready = Promise.withResolvers();
      const requestId = randomUUID();
      const result = Promise.withResolvers<InvokeResult>();
      running = { requestId, end: result.resolve };
      const deadlineMs = Date.now() + timeoutSeconds * 1000;
      const invocation: Invocation = { requestId, deadlineMs, functionArn, eventJson };
      const begun = performance.now();
      onPlatformLog(`START RequestId: ${requestId} Version: $LATEST`);
      const thaw = (): void => {
        if (freezes && !paused) send('SIGCONT');
      };
      thaw();
      // What the process was just starting when it was stopped misses the first signal, and stays stopped.
      const thawing = setInterval(thaw, 50);
      take(invocation);

      let late = false;
      const timer = setTimeout(() => {
        late = true;
        kill();
      }, timeoutSeconds * 1000);
      const ending = await result.promise;
      clearTimeout(timer);
      clearInterval(thawing);
      expectReady(timeoutSeconds);
      const outcome = late && ending.kind === 'error' ? timedOut('Task', timeoutSeconds) : ending;
      if (outcome.kind === 'error' && outcome.cause === 'timeout')
        onPlatformLog(`${new Date().toISOString()} ${requestId} ${outcome.errorMessage}`);
      onPlatformLog(`END RequestId: ${requestId}`);
      onPlatformLog(
        reportLine({
          requestId,
          durationMs: performance.now() - begun,
          memorySizeMb,
          maxMemoryMb: maxMemoryMb(child.pid),
          ...(initMs !== undefined && { initMs }),
          ...(outcome.kind === 'error' &&
            outcome.cause !== 'function' && {
              status: outcome.cause === 'timeout' ? 'timeout' : 'error',
            }),
        }),
      );
      initMs = undefined;
      return outcome;
    },
    [Symbol.asyncDispose]: async () => {
      kill();
      await ended;
      await api[Symbol.asyncDispose]();
    },
  };
};

const failure = (cause: Failure['cause'], errorType: string, errorMessage: string): Failure => ({
  kind: 'error',
  errorType,
  errorMessage,
  cause,
});

const timedOut = (what: 'Init' | 'Task', seconds: number): Failure =>
  failure(
    what === 'Init' ? 'init' : 'timeout',
    'Sandbox.Timedout',
    `${what} timed out after ${seconds.toFixed(2)} seconds`,
  );
