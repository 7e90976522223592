import { deepStrictEqual, match, rejects } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Context } from '../../../../cli/operate/context.ts';
import { runOperation } from '../../../../cli/operate/run-operation.ts';
import { viaFunction } from '../../../../cli/stage/via-function.ts';
import type { OperateAnswer, OperateEvent } from '../../../../functions/operate/protocol.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';
import { type AwsState, startAws } from '../../../support/aws.ts';

const folder = await temporaryFolder('via-function');
after(() => folder[Symbol.asyncDispose]());

const id = '6f1c2b0e-0d0e-4d57-9a3b-0f7f8c0a9b11';
const done: OperateAnswer = {
  ...{ lines: [], furtherLines: null, changed: [], exitCode: 0 },
  ...{ goesOnBy: null, isFurther: false, progress: '' },
};
const outputs = {
  ...{ FunctionName: 'ingest', LogGroupName: '/log', MappingId: 'a-uuid', Version: '1' },
  ...{ OperateFunctionName: 'operate', OperateBucketName: 'bucket' },
};

type Answer = (
  event: OperateEvent,
  objects: Map<string, Buffer>,
) => Promise<Partial<OperateAnswer>>;

/** Runs a command line by a function that answers as a test says. */
const called = async (argv: readonly string[], answer: Answer, state: AwsState = {}) => {
  const objects = new Map<string, Buffer>();
  const events: OperateEvent[] = [];
  await using aws = await startAws({
    stacks: { Website: { outputs } },
    mappings: { 'a-uuid': { State: 'Disabled' } },
    functions: {
      operate: {
        async answer(event: OperateEvent) {
          events.push(event);
          return { ...done, ...(await answer(event, objects)) };
        },
      },
    },
    objects,
    ...state,
  });
  Object.assign(process.env, aws.environment, { AWS_REGION: 'eu-west-1' });
  const said: string[] = [];
  const goesOnBy: (readonly string[])[] = [];
  const context: Context = {
    signal: new AbortController().signal,
    output: {
      print: (line) => void said.push(`out ${line}`),
      tell: (line) => void said.push(`err ${line}`),
      progress: () => {},
    },
    openTarget: () => Promise.reject(new Error('the pipeline is not reached from here')),
    caller: async () => 'nobody',
    confirm: async () => false,
    goOnBy(by) {
      goesOnBy.push(by);
    },
    viaFunction,
  };
  const ended = await runOperation(argv, context).then(
    (exitCode) => ({ exitCode }),
    (error: Error) => ({ error: error.message }),
  );
  return { ...ended, said, events, goesOnBy: goesOnBy.at(-1) ?? [] };
};

const to = ['--stack', 'Website', '--via-function'];

test('a command runs by the function, which gets its words, the caller and the names of the stack', async () => {
  const { exitCode, said, events } = (await called(['user', id, '--json', ...to], async () => ({
    lines: [
      ['out', '{"row":1}'],
      ['err', '1 event.'],
    ],
    exitCode: 1,
  }))) as { exitCode: number; said: string[]; events: OperateEvent[] };
  deepStrictEqual(exitCode, 1);
  deepStrictEqual(said, ['out {"row":1}', 'err 1 event.']);
  const [{ argv, caller, files, stack, mappingState } = {} as OperateEvent] = events;
  deepStrictEqual(
    { argv, caller, files, function: stack.functionName, mappingState },
    {
      ...{ argv: ['user', id, '--json'], caller: 'arn:aws:iam::111122223333:user/test', files: [] },
      ...{ function: 'ingest', mappingState: null },
    },
  );
});

test('a command whose time is up goes on in the next invocation, in one run, until it is done', async () => {
  const { events, said, goesOnBy } = await called(['user', id, ...to], async ({ argv }) =>
    argv.includes('--from-there')
      ? { lines: [['out', 'second']] }
      : { lines: [['out', 'first']], exitCode: null, goesOnBy: ['user', id, '--from-there'] },
  );
  deepStrictEqual(said, ['out first', 'out second']);
  deepStrictEqual([events.length, new Set(events.map(({ run }) => run)).size], [2, 1]);
  deepStrictEqual(goesOnBy, ['user', id, '--from-there', '--stack', 'Website', '--via-function']);
});

test('lines that an answer has no room for come from the bucket, behind those of the answer', async () => {
  const { said } = await called(['user', id, ...to], async ({ run }, objects) => {
    objects.set(`bucket/runs/${run}/further`, Buffer.from('["out","2"]\n["err","3"]\n'));
    return { lines: [['out', '1']], furtherLines: 'further' };
  });
  deepStrictEqual(said, ['out 1', 'out 2', 'err 3']);
});

test('a file that a command writes is brought to where its option says, once it is done', async () => {
  const out = join(folder.path, 'late.jsonl');
  const { events } = await called(
    ['rejected', 'export', '--out', out, ...to],
    async ({ run }, objects) => {
      objects.set(`bucket/runs/${run}/late.jsonl`, Buffer.from('a row\n'));
      return { changed: ['late.jsonl'] };
    },
  );
  deepStrictEqual(events[0]?.argv, ['rejected', 'export', '--out', 'late.jsonl']);
  deepStrictEqual(await readFile(out, 'utf8'), 'a row\n');
});

test('a file that is here goes to the function, also into the next invocation', async () => {
  const out = join(folder.path, 'there.jsonl');
  await writeFile(out, 'from here');
  const seen: (string | undefined)[] = [];
  await called(['rejected', 'export', '--out', out, ...to], async ({ run, files }, objects) => {
    seen.push(objects.get(`bucket/runs/${run}/there.jsonl`)?.toString(), files.join());
    return seen.length > 2 ? {} : { exitCode: null, goesOnBy: ['rejected', 'export'] };
  });
  deepStrictEqual(seen, ['from here', 'there.jsonl', 'from here', 'there.jsonl']);
});

test('what was written is brought back also where a later invocation fails, which names the log', async () => {
  const out = join(folder.path, 'half.jsonl');
  let calls = 0;
  const { error, goesOnBy } = (await called(
    ['rejected', 'export', '--out', out, ...to],
    async ({ run }, objects) => {
      calls += 1;
      if (calls > 1) throw new Error('out of memory');
      objects.set(`bucket/runs/${run}/half.jsonl`, Buffer.from('half'));
      return {
        changed: ['half.jsonl'],
        exitCode: null,
        goesOnBy: ['rejected', 'export', '--out', 'half.jsonl'],
      };
    },
  )) as { error: string; goesOnBy: readonly string[] };
  match(
    error,
    /^The function operate has failed \(Error: out of memory\)\. Its log says more: aws logs tail/,
  );
  deepStrictEqual(await readFile(out, 'utf8'), 'half');
  deepStrictEqual(goesOnBy.slice(0, 4), ['rejected', 'export', '--out', out]);
});

test('a command that an invocation brings no further gets longer ones, and is given up with code 2 after a whole one', async () => {
  const goesOn = { exitCode: null, goesOnBy: ['redrive', '--resume', 'a-task', '--yes'] };
  const redrive = ['redrive', '--reason', 'late', '--to', 'tables', '--yes', ...to];
  const stuck = (await called(redrive, async () => goesOn)) as {
    error: string;
    events: OperateEvent[];
    goesOnBy: readonly string[];
  };
  deepStrictEqual(
    stuck.events.map(({ slices }) => slices),
    [1, 2, 4, 8],
  );
  match(stuck.error, /^A whole invocation of the function brings the command no further/);
  deepStrictEqual(stuck.goesOnBy.slice(0, 3), ['redrive', '--resume', 'a-task']);
  let calls = 0;
  const moving = await called(redrive, async () => {
    calls += 1;
    return calls === 5 ? {} : { ...goesOn, isFurther: calls !== 2 };
  });
  deepStrictEqual(
    moving.events.map(({ slices }) => slices),
    [1, 1, 2, 2, 2],
  );
});

test('a CSV that comes by several invocations has one head', async () => {
  let calls = 0;
  const { said } = await called(
    ['redrive', '--all', '--to', 'tables', '--yes', '--csv', ...to],
    async () => {
      calls += 1;
      const lines = [['out', 'record,became'] as const, ['out', `${calls},done`] as const];
      const goesOn = { exitCode: null, goesOnBy: ['redrive', '--csv'], isFurther: true };
      return { lines, ...(calls < 3 && goesOn) };
    },
  );
  deepStrictEqual(
    said,
    ['record,became', '1,done', '2,done', '3,done'].map((line) => `out ${line}`),
  );
});

test('a replay learns the state of the event source mapping here, and the function is told', async () => {
  const { events } = await called(['replay', '--from', '2h', ...to], async () => ({}));
  deepStrictEqual(events[0]?.mappingState, 'Disabled');
});

test('a pipeline without such a function is told how it gets one', async () => {
  const { OperateFunctionName: _, ...without } = outputs;
  const { error } = (await called(['user', id, ...to], async () => ({}), {
    stacks: { Website: { outputs: without } },
  })) as { error: string };
  match(error, /^stack Website has no function that runs operations: set operate to true/);
});

test('without a deployed pipeline --via-function is refused, and so is it beside --local', async () => {
  const { error } = (await called(['user', id, '--via-function'], async () => ({}))) as {
    error: string;
  };
  match(
    error,
    /^--via-function is the way to a deployed pipeline: name it by --stage or --stack\.$/,
  );
  const beside = await called(['user', id, '--via-function', '--local'], async () => ({}));
  match(beside.said.join(), /'--via-function' cannot be used with option '--local'/);
});

test('credentials that may not call the function, and one that was deleted, are told apart', async () => {
  const denied = { name: 'AccessDeniedException', message: 'no', status: 403 };
  const { error } = (await called(['user', id, ...to], async () => ({}), {
    refuse: (operation) => (operation === 'Invoke' ? denied : undefined),
  })) as { error: string };
  match(error, /they need lambda:InvokeFunction/);
  const gone = (await called(['user', id, ...to], async () => ({}), { functions: {} })) as {
    error: string;
  };
  match(gone.error, /^There is no function operate: it was deleted by hand/);
});

test('a call whose answer is lost is not made again: it may have written', async () => {
  let calls = 0;
  const { error } = (await called(['user', id, ...to], async () => ({}), {
    refuse(operation) {
      if (operation !== 'Invoke') return undefined;
      calls += 1;
      return { name: 'ServiceException', message: 'no', status: 500 };
    },
  })) as { error: string };
  deepStrictEqual(calls, 1);
  match(error, /^AWS does not give an answer of the function operate \(ServiceException/);
});

test('a command that is not called by the command line does not know the function', async () => {
  const context = { output: { print() {}, tell() {}, progress() {} } } as unknown as Context;
  await rejects(
    runOperation(['user', id, ...to], context),
    /^UserFacingError: --via-function is for the command line alone\.$/,
  );
});
