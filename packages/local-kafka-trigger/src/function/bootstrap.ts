/**
 * The process side of the Runtime API, like Lambda's Node runtime: it loads the handler, then handles one event after the other.
 * It is started by `execution-environment.ts`, and ends itself when its parent is gone.
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { handlerModule } from './handler-module.ts';

type Handler = (event: unknown, context: object) => unknown;

const variable = (name: string): string => process.env[name] ?? '';

const [host, port] = variable('AWS_LAMBDA_RUNTIME_API').split(':');
const agent = new Agent({ keepAlive: true });

const call = (
  method: 'GET' | 'POST',
  path: string,
  body?: string,
): Promise<{ headers: IncomingHttpHeaders; body: string }> =>
  new Promise((resolve, reject) => {
    const options = { host, port, agent, method, path: `/2018-06-01/runtime/${path}` };
    request(options, (response) => {
      text(response).then((answer) => {
        const { statusCode = 0, headers } = response;
        if (statusCode < 300) resolve({ headers, body: answer });
        else reject(new Error(`The Runtime API answered ${statusCode} to ${path}`));
      }, reject);
    })
      .on('error', reject)
      .end(body);
  });

const describe = (error: unknown, type?: string): string =>
  JSON.stringify(
    error instanceof Error
      ? {
          errorType: type ?? error.name,
          errorMessage: error.message,
          stackTrace: error.stack?.split('\n') ?? [],
        }
      : { errorType: type ?? typeof error, errorMessage: String(error), stackTrace: [] },
  );

const fail = (kind: string, message: string): never => {
  throw Object.assign(new Error(message), { name: `Runtime.${kind}` });
};

const load = async (): Promise<Handler> => {
  const { file, path, names } = handlerModule(variable('LAMBDA_TASK_ROOT'), variable('_HANDLER'));
  if (file === undefined) return fail('ImportModuleError', `Cannot find module '${path}'`);
  const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  // A module of CommonJS may have its exports within its default alone.
  const handler = [loaded, loaded['default']]
    .map((root) => names.reduce<unknown>((value, name) => Object(value)[name], root))
    .find((value) => typeof value === 'function');
  if (handler === undefined)
    return fail('HandlerNotFound', `${variable('_HANDLER')} is undefined or not exported`);
  // It would be taken for done when it returns, before it calls back.
  if (handler.length > 2)
    return fail(
      'CallbackHandlerDeprecated',
      `${variable('_HANDLER')} takes a callback, which Lambda has ended with nodejs24.x: it has to be async, with the event and the context alone`,
    );
  return handler as Handler;
};

const toContext = (headers: IncomingHttpHeaders): object => {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: variable('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: variable('AWS_LAMBDA_FUNCTION_VERSION'),
    memoryLimitInMB: variable('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: variable('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: variable('AWS_LAMBDA_LOG_STREAM_NAME'),
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
};

/** The id of the running invocation; `undefined` while there is none. */
let running: string | undefined;

/**
 * Waits for the next event. No variable holds its text once this function has returned, as in Lambda's runtime: what holds it while the
 * handler waits keeps it for longer, and the collector moves it to the old generation.
 */
const next = async (): Promise<{ headers: IncomingHttpHeaders; event: unknown }> => {
  const { headers, body } = await call('GET', 'invocation/next');
  return { headers, event: JSON.parse(body) };
};

const runOnce = async (handler: Handler): Promise<void> => {
  const { headers, event } = await next();
  running = String(headers['lambda-runtime-aws-request-id']);
  let answer: readonly [kind: string, body: string];
  try {
    const result = await handler(event, toContext(headers));
    answer = ['response', JSON.stringify(result === undefined ? null : result)];
  } catch (error) {
    answer = ['error', describe(error)];
  }
  await call('POST', `invocation/${running}/${answer[0]}`, answer[1]);
  running = undefined;
};

/** Reports an error outside the handler to the running invocation, then ends the process. */
const escaped =
  (type: string, exitCode: number) =>
  (error: unknown): void => {
    const told =
      running === undefined
        ? Promise.resolve()
        : call('POST', `invocation/${running}/error`, describe(error, type));
    process.stderr.write(`${type}: ${error instanceof Error ? error.stack : String(error)}\n`);
    const exit = (): never => process.exit(exitCode);
    told.then(exit, exit);
  };

// The parent holds the other end of this pipe, which closes however the parent ends.
process.stdin.on('close', () => process.exit(0)).resume();

const handler = await load().catch(async (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  await call('POST', 'init/error', describe(error)).catch(() => {});
  process.exit(1);
});
process.on('uncaughtException', escaped('Runtime.UncaughtException', 129));
process.on('unhandledRejection', escaped('Runtime.UnhandledPromiseRejection', 128));
try {
  for (;;) await runOnce(handler);
} catch {
  process.exit(0); // The Runtime API is gone.
}
