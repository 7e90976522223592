import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type LambdaFunction, startFunction } from '../../../src/function/function-process.ts';

const support = join(import.meta.dirname, '../../support');
const bundle = join(support, 'sample-function.ts');

const start = async (
  t: TestContext,
  given: {
    environment?: Record<string, string>;
    timeoutSeconds?: number;
    onLog?: (line: string) => void;
  } = {},
): Promise<LambdaFunction> => {
  const lambda = await startFunction({
    handler: bundle,
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

/** Waits until the process has asked for its next event, and is stopped. */
const frozen = async ({ pid }: LambdaFunction): Promise<void> => {
  while (!/^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) await delay(5);
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

for (const unwritable of ['circular', 'bigint'] as const)
  test(`a response that JSON cannot have (${unwritable}) is an error of the function, which goes on`, async (t) => {
    const lambda = await start(t);
    const result = await invoke(lambda, { unwritable });
    deepStrictEqual(
      [result.kind, result.kind === 'error' && result.errorType],
      ['error', 'TypeError'],
    );
    deepStrictEqual(await payload(lambda, {}), { invocations: 2 });
  });

// The event was given to the process that was about to end, and its batch failed for nothing.
test('a process that ends after its response costs the next invocation nothing: that has a new process', async (t) => {
  const lambda = await start(t);
  for (let count = 0; count < 3; count += 1) {
    await invoke(lambda, { reject: 'lost' });
    deepStrictEqual(await payload(lambda, {}), { invocations: 1 });
  }
});

test('a program that answers and asks for no further event is killed after the timeout, and the next event is given to a new one', async (t) => {
  const lambda = await startFunction({
    command: ['bash', 'runtime.sh'],
    codeFolder: support,
    environment: { STUCK: 'yes' },
    timeoutSeconds: 1,
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  for (const n of [1, 2]) deepStrictEqual(await payload(lambda, { n }), { batchItemFailures: [] });
});

test('a handler that takes a callback is refused, as Lambda does since nodejs24.x', async (t) => {
  const lambda = await startFunction({
    handler: 'other-shapes.callback',
    codeFolder: support,
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  const result = await invoke(lambda, {});
  strictEqual(result.kind === 'error' && result.errorType, 'Runtime.CallbackHandlerDeprecated');
});

test('a handler is found among the exports of CommonJS, also one with the name default', async (t) => {
  const lambda = await startFunction({ handler: 'shapes/default.default', codeFolder: support });
  t.after(() => lambda[Symbol.asyncDispose]());
  deepStrictEqual(await payload(lambda, {}), 'default');
});

test('the handler is told its request, name and remaining time', async (t) => {
  const context = (await payload(await start(t, { timeoutSeconds: 20 }), {
    context: true,
  })) as Record<string, unknown>;
  match(String(context['awsRequestId']), /^[0-9a-f-]{36}$/);
  strictEqual(context['functionName'], 'function');
  match(String(context['invokedFunctionArn']), /^arn:aws:lambda:.*:function:function$/);
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
  strictEqual(variables['AWS_LAMBDA_FUNCTION_NAME'], 'function');
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
  await frozen(lambda);
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
  const script = join(import.meta.dirname, '../../support/function-parent.ts');
  const parent = spawn(process.execPath, [script, bundle, JSON.stringify({ connect })]);
  t.after(() => parent.kill('SIGKILL'));
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.resume();
  parent.kill('SIGKILL');
  await once(socket, 'close');
});

test('as many events are handled at once as there are environments, each in its own process', async (t) => {
  const lambda = await startFunction({ handler: bundle, timeoutSeconds: 30, environments: 2 });
  t.after(() => lambda[Symbol.asyncDispose]());
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const connect = (server.address() as AddressInfo).port;
  const sockets: Socket[] = [];
  const both = new Promise<void>((resolve) => {
    server.on('connection', (socket) => {
      if (sockets.push(socket) === 2) resolve();
    });
  });
  const hanging = [1, 2].map(() => invoke(lambda, { connect, hang: true }));
  await both;
  lambda.kill();
  for (const result of await Promise.all(hanging))
    strictEqual(result.kind === 'error' && result.cause, 'exited');
  for (const socket of sockets) socket.destroy();
});

test('an invocation has the lines START, END and REPORT; the first one tells the time of the init', async (t) => {
  const lines: string[] = [];
  const lambda = await startFunction({
    handler: bundle,
    memorySizeMb: 512,
    onPlatformLog: (line) => lines.push(line),
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  const { awsRequestId: id } = (await payload(lambda, { context: true })) as Record<string, string>;
  await payload(lambda, {});
  deepStrictEqual(lines.slice(0, 2), [
    `START RequestId: ${id} Version: $LATEST`,
    `END RequestId: ${id}`,
  ]);
  match(
    lines[2] ?? '',
    new RegExp(
      `^REPORT RequestId: ${id}\tDuration: \\d+\\.\\d\\d ms\tBilled Duration: \\d+ ms\tMemory Size: 512 MB\tMax Memory Used: [\\d?]+ MB\tInit Duration: \\d+\\.\\d\\d ms$`,
    ),
  );
  match(lines[5] ?? '', /^REPORT .*MB$/);
});

test('the report of an invocation past its timeout says so, after the line that says it to a person', async (t) => {
  const lines: string[] = [];
  const lambda = await startFunction({
    handler: bundle,
    timeoutSeconds: 0.3,
    onPlatformLog: (line) => lines.push(line),
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  await invoke(lambda, { hang: true });
  match(lines[1] ?? '', /^\d{4}-.*Z [0-9a-f-]{36} Task timed out after 0\.30 seconds$/);
  match(lines[3] ?? '', /^REPORT .*\tStatus: timeout$/);
});

test('a process does not run between two invocations, as in a frozen environment', async (t) => {
  const lambda = await start(t);
  await payload(lambda, {});
  await frozen(lambda);
  deepStrictEqual(await payload(lambda, {}), { invocations: 2 });
});

test('a handler is named as in Lambda, by its module and its export, from the folder of the code', async (t) => {
  const lambda = await startFunction({
    handler: 'support/other-shapes.nested.handler',
    codeFolder: join(import.meta.dirname, '../..'),
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  deepStrictEqual(await payload(lambda, {}), 'nested');
});

test('a program that is no Node speaks to the Runtime API by itself', async (t) => {
  const lambda = await startFunction({
    command: ['bash', 'runtime.sh'],
    codeFolder: join(import.meta.dirname, '../../support'),
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  // What it is just starting when it is stopped has to be continued with it.
  for (let n = 0; n < 30; n += 1)
    deepStrictEqual(await payload(lambda, { n }), { batchItemFailures: [] });
});

// The invocation is answered when the program's output is closed. What the program had left behind held it open, and there was no answer.
test('a program that ends and leaves another running is the error of its invocation, and what it left ends', async (t) => {
  const lambda = await startFunction({
    command: ['bash', '-c', 'sleep 600 & exit 3'],
    timeoutSeconds: 30,
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  deepStrictEqual(await lambda.invoke('{}'), {
    kind: 'error',
    errorType: 'Runtime.ExitError',
    errorMessage: 'Runtime exited: exit status 3',
    cause: 'init',
  });
});

test('a program that is not there is the error of each invocation', async (t) => {
  const lambda = await startFunction({ command: ['no-such-program'] });
  t.after(() => lambda[Symbol.asyncDispose]());
  const result = await invoke(lambda, {});
  match(result.kind === 'error' ? result.errorMessage : '', /no-such-program/);
});

test('a function waits for its debugger, stops where it says, and no timeout passes meanwhile', async (t) => {
  const said = Promise.withResolvers<string>();
  const lambda = await startFunction({
    handler: bundle,
    timeoutSeconds: 0.2,
    inspect: 0,
    onLog: (line) => {
      const [address] = /ws:\/\/\S+/.exec(line) ?? [];
      if (address !== undefined) said.resolve(address);
    },
  });
  t.after(() => lambda[Symbol.asyncDispose]());
  const socket = new WebSocket(await said.promise);
  t.after(() => socket.close());
  const paused = Promise.withResolvers<number>();
  socket.onmessage = ({ data }) => {
    if (JSON.parse(String(data)).method === 'Debugger.paused') paused.resolve(performance.now());
  };
  await once(socket, 'open');
  const call = (id: number, method: string) => socket.send(JSON.stringify({ id, method }));
  call(1, 'Debugger.enable');
  call(2, 'Runtime.runIfWaitingForDebugger');
  const answer = invoke(lambda, { debug: true });
  const since = await paused.promise;
  while (performance.now() - since < 300) await delay(10);
  call(3, 'Debugger.resume');
  deepStrictEqual(await answer, { kind: 'response', payload: '{"invocations":1}' });
});
