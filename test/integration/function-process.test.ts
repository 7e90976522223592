import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { bundleFunction } from '../../local/function/bundle.ts';
import { type LambdaFunction, startFunction } from '../../local/function/function-process.ts';

let folder: string;
let bundle: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'function-process-'));
  bundle = await bundleFunction(folder, join(import.meta.dirname, '../support/sample-function.ts'));
});
after(() => rm(folder, { recursive: true }));

const start = async (
  t: TestContext,
  given: {
    environment?: Record<string, string>;
    timeoutSeconds?: number;
    onLog?: (line: string) => void;
  } = {},
): Promise<LambdaFunction> => {
  const lambda = await startFunction({
    bundle,
    environment: given.environment ?? {},
    timeoutSeconds: given.timeoutSeconds ?? 30,
    onLog: given.onLog ?? (() => {}),
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  return lambda;
};

const invoke = (lambda: LambdaFunction, event: object) => lambda.invoke(JSON.stringify(event));

const payload = async (lambda: LambdaFunction, event: object): Promise<unknown> => {
  const result = await invoke(lambda, event);
  if (result.kind === 'error') throw new Error(`${result.cause}: ${result.errorMessage}`);
  return JSON.parse(result.payload);
};

test('a response is the JSON of what the handler returns, from one warm process', async (t) => {
  const lambda = await start(t);
  const echo = { text: 'ä\u2028"', list: [1, null] };
  deepStrictEqual(await payload(lambda, { echo }), { echo, invocations: 1 });
  deepStrictEqual(await payload(lambda, { echo: 1 }), { echo: 1, invocations: 2 });
});

test('a handler that returns nothing answers null', async (t) => {
  deepStrictEqual(await invoke(await start(t), { nothing: true }), {
    kind: 'response',
    payload: 'null',
  });
});

test('an error keeps its type and message, and the process goes on', async (t) => {
  const lambda = await start(t);
  deepStrictEqual(await invoke(lambda, { throw: 'no' }), {
    kind: 'error',
    errorType: 'TypeError',
    errorMessage: 'no',
    cause: 'function',
  });
  deepStrictEqual(await invoke(lambda, { throwValue: 'text' }), {
    kind: 'error',
    errorType: 'string',
    errorMessage: 'text',
    cause: 'function',
  });
  deepStrictEqual(await payload(lambda, {}), { invocations: 3 });
});

test('a response over 6 MB is an error of the function', async (t) => {
  const result = await invoke(await start(t), { big: 6 * 1024 * 1024 });
  strictEqual(result.kind === 'error' && result.errorType, 'Function.ResponseSizeTooLarge');
});

test('the handler is told its request, name and remaining time', async (t) => {
  const context = (await payload(await start(t, { timeoutSeconds: 20 }), {
    context: true,
  })) as Record<string, unknown>;
  match(String(context['awsRequestId']), /^[0-9a-f-]{36}$/);
  strictEqual(context['functionName'], 'ingest');
  match(String(context['invokedFunctionArn']), /^arn:aws:lambda:.*:function:ingest$/);
  const remaining = Number(context['remaining']);
  ok(remaining > 15_000 && remaining <= 20_000, `${remaining} ms`);
});

test('the process has its own variables and Lambda’s, not those of its parent', async (t) => {
  process.env['ONLY_OF_THE_PARENT'] = 'x';
  t.after(() => delete process.env['ONLY_OF_THE_PARENT']);
  const lambda = await start(t, { environment: { TABLE: 'a' } });
  const variables = (await payload(lambda, { variables: true })) as Record<string, string>;
  strictEqual(variables['TABLE'], 'a');
  strictEqual(variables['TZ'], ':UTC');
  strictEqual(variables['AWS_LAMBDA_FUNCTION_NAME'], 'ingest');
  strictEqual(variables['ONLY_OF_THE_PARENT'], undefined);
});

test('a handler that cannot be loaded is an init error, each time in a new process', async (t) => {
  const lambda = await start(t, { environment: { FAIL_INIT: 'no table' } });
  const failure = {
    kind: 'error',
    errorType: 'RangeError',
    errorMessage: 'no table',
    cause: 'init',
  };
  deepStrictEqual(await invoke(lambda, {}), failure);
  deepStrictEqual(await invoke(lambda, {}), failure);
});

test('an invocation past its timeout is killed, and the next one has a new process', async (t) => {
  const lambda = await start(t, { timeoutSeconds: 1 });
  await payload(lambda, {});
  const { pid } = lambda;
  deepStrictEqual(await invoke(lambda, { hang: true }), {
    kind: 'error',
    errorType: 'Sandbox.Timedout',
    errorMessage: 'Task timed out after 1.00 seconds',
    cause: 'timeout',
  });
  deepStrictEqual(await payload(lambda, {}), { invocations: 1 });
  notStrictEqual(lambda.pid, pid);
});

test('a process that is paused runs into its timeout too', async (t) => {
  const lambda = await start(t, { timeoutSeconds: 1 });
  await payload(lambda, {});
  lambda.pause();
  const result = await invoke(lambda, {});
  strictEqual(result.kind === 'error' && result.cause, 'timeout');
});

test('a process that is paused and resumed answers', async (t) => {
  const lambda = await start(t);
  await payload(lambda, {});
  lambda.pause();
  const answer = payload(lambda, {});
  lambda.resume();
  deepStrictEqual(await answer, { invocations: 2 });
});

test('an exit in the middle of an invocation is its error, and the next one has a new process', async (t) => {
  const lambda = await start(t);
  deepStrictEqual(await invoke(lambda, { exit: 7 }), {
    kind: 'error',
    errorType: 'Runtime.ExitError',
    errorMessage: 'Runtime exited: exit status 7',
    cause: 'exited',
  });
  deepStrictEqual(await payload(lambda, {}), { invocations: 1 });
});

test('a kill in the middle of an invocation is its error, one between two is none', async (t) => {
  const began = Promise.withResolvers<string>();
  const lambda = await start(t, { onLog: began.resolve });
  const hanging = invoke(lambda, { log: 'began\n', hang: true });
  await began.promise;
  lambda.kill();
  const result = await hanging;
  strictEqual(result.kind === 'error' && result.cause, 'exited');
  deepStrictEqual(await payload(lambda, {}), { invocations: 1 });
  lambda.kill();
  deepStrictEqual(await payload(lambda, {}), { invocations: 1 });
});

test('a rejection that nobody handles ends the process after its invocation has been told', async (t) => {
  const lambda = await start(t);
  deepStrictEqual(await invoke(lambda, { reject: 'lost' }), {
    kind: 'error',
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: 'lost',
    cause: 'function',
  });
});

test('events wait for one another', async (t) => {
  const lambda = await start(t);
  const answers = await Promise.all([1, 2, 3].map((echo) => payload(lambda, { echo })));
  deepStrictEqual(
    answers,
    [1, 2, 3].map((echo) => ({ echo, invocations: echo })),
  );
});

test('each line that the process writes is handed on whole', async (t) => {
  const lines: string[] = [];
  const lambda = await start(t, { onLog: (line) => lines.push(line) });
  await payload(lambda, { log: 'one\ntw' });
  await payload(lambda, { log: 'o\n' });
  await lambda[Symbol.asyncDispose]();
  deepStrictEqual(lines, ['one', 'two']);
});

test('a process whose parent is killed ends', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const connect = (server.address() as AddressInfo).port;
  const script = join(import.meta.dirname, '../support/function-parent.ts');
  const parent = spawn(process.execPath, [script, bundle, JSON.stringify({ connect })]);
  t.after(() => parent.kill('SIGKILL'));
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.resume();
  parent.kill('SIGKILL');
  await once(socket, 'close');
});
