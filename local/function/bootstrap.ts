/**
 * The process side of the Runtime API, as Lambda's Node runtime has it: loads the handler, then one event after the
 * other. Started by `environment.ts`; it ends itself when its parent is gone.
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

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

const load = async (): Promise<Handler> => {
  const [module, name = ''] = variable('_HANDLER').split('.');
  const path = join(variable('LAMBDA_TASK_ROOT'), `${module}.mjs`);
  const loaded = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  const handler = loaded[name];
  if (typeof handler !== 'function')
    throw Object.assign(new Error(`${variable('_HANDLER')} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
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

/** The invocation that runs; `undefined` while there is none. */
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

/** What escapes the handler ends the process, after its invocation has been told. */
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

// The parent holds the other end: it closes with the parent, however that ends.
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
