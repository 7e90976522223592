import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Context } from '../../cli/operate/context.ts';
import { runOperation } from '../../cli/operate/run-operation.ts';
import { viaFunction } from '../../cli/stage/via-function.ts';
import { handler } from '../../functions/operate/handler.ts';
import type { OperateEvent } from '../../functions/operate/protocol.ts';
import { temporaryFolder } from '../../local/servers/temporary-folder.ts';
import { createTopic } from '../../packages/local-kafka-trigger/test/support/kafka-topic.ts';
import { startAws } from '../support/aws.ts';
import { openKeyspace, type TestKeyspace } from '../support/keyspace.ts';
import { operate } from '../support/operate.ts';
import { openPipeline } from '../support/pipeline.ts';
import { testEnvironment } from '../support/test-environment.ts';

// The function runs in this process; what leads to it, and its bucket, are those of an AWS on this machine.
const id = '00000000-0000-4000-8000-000000000001';

/**
 * Puts an AWS account around a pipeline, with the function of operations.
 * @param remaining the milliseconds that an invocation has, by its number.
 */
const deploy = async (
  t: TestContext,
  { environment }: Pick<TestKeyspace, 'environment'>,
  topic: string,
  remaining: (call: number) => number = () => 900_000,
) => {
  let calls = 0;
  const aws = await startAws({
    stacks: {
      Website: {
        outputs: {
          ...{ FunctionName: 'ingest', LogGroupName: '/log', MappingId: 'a-uuid', Version: '1' },
          ...{ OperateFunctionName: 'operate', OperateBucketName: 'bucket' },
        },
      },
    },
    mappings: { 'a-uuid': { State: 'Disabled' } },
    functions: {
      operate: {
        answer(event: OperateEvent) {
          calls += 1;
          return handler(event, { getRemainingTimeInMillis: () => remaining(calls) });
        },
      },
    },
    objects: new Map(),
  });
  t.after(() => aws[Symbol.asyncDispose]());
  Object.assign(process.env, environment, aws.environment, {
    AWS_REGION: 'eu-west-1',
    OPERATE_TOPIC: topic,
    OPERATE_BROKERS: JSON.stringify({
      SelfManagedEventSource: {
        Endpoints: { KAFKA_BOOTSTRAP_SERVERS: testEnvironment().bootstrapServers },
      },
    }),
    OPERATE_BUCKET: 'bucket',
  });
  return { calls: () => calls };
};

/** Makes a deployed pipeline with two rows, and an empty topic. */
const deployed = async (t: TestContext) => {
  const topic = await createTopic(t, 1);
  const keyspace = await openKeyspace({ CONSUMER_GROUP_ID: topic.group });
  t.after(() => keyspace[Symbol.asyncDispose]());
  const run = (statement: string) => keyspace.client.execute(statement, [], { prepare: false });
  for (const [at, type] of [
    ['2026-11-02T00:00:00.000Z', 'click'],
    ['2026-11-01T12:00:00.000Z', 'view'],
  ])
    await run(
      `INSERT INTO ${keyspace.name}.user_events (user_id, bucket_date, event_time, event_type, event_id, metadata) ` +
        `VALUES (${id}, '${at?.slice(0, 10)}', '${at}', '${type}', ${id}, {'page': '/ä'})`,
    );
  await deploy(t, keyspace, topic.name);
  return { topic, keyspace, run };
};

/** Runs a command line by the function. */
const byFunction = async (...words: readonly string[]) => {
  const argv = [...words, '--stack', 'Website', '--via-function'];
  const printed: string[] = [];
  const told: string[] = [];
  const context: Context = {
    signal: new AbortController().signal,
    output: {
      print: (line) => void printed.push(line),
      tell: (line) => void told.push(line),
      progress: () => {},
    },
    openTarget: () => Promise.reject(new Error('the pipeline is not reached from here')),
    caller: async () => 'nobody',
    confirm: async () => false,
    goOnBy: () => {},
    viaFunction,
  };
  return { exitCode: await runOperation(argv, context), printed, told };
};

test('a command says by the function what it says here, with the exit code of its own', async (t) => {
  const { keyspace } = await deployed(t);
  const words = ['user', id, '--from', '2026-11-01', '--to', '2026-11-03'];
  for (const form of ['--json', '--csv']) {
    const there = await byFunction(...words, form);
    const here = await operate([...words, form], { environment: keyspace.environment });
    strictEqual(there.printed.length, form === '--csv' ? 3 : 2);
    deepStrictEqual(
      [there.exitCode, there.printed, there.told],
      [here.exitCode, here.printed, here.told],
    );
  }
});

test('a mistake and a fault of the surroundings come back as sentences, with exit code 2', async (t) => {
  await deployed(t);
  const wrong = await byFunction('user', 'nobody');
  deepStrictEqual([wrong.exitCode, wrong.printed], [2, []]);
  match(wrong.told.join(), /^A user is a uuid, such as/);
  process.env['OPERATE_BROKERS'] = JSON.stringify({
    SelfManagedEventSource: { Endpoints: { KAFKA_BOOTSTRAP_SERVERS: ['127.0.0.1:1'] } },
  });
  const unreached = await byFunction('replay', '--from', '2h');
  strictEqual(unreached.exitCode, 2);
  match(unreached.told.join(), /^Kafka at 127\.0\.0\.1:1 .* cannot be used/);
});

test('a file that a command writes in the function is here when the command is done', async (t) => {
  const { keyspace, run } = await deployed(t);
  await run(
    `INSERT INTO ${keyspace.name}.rejected_events (topic, rejected_date, partition, "offset", reason, detail, record_timestamp, value, rejected_at) ` +
      `VALUES ('${process.env['OPERATE_TOPIC']}', '2026-11-01', 0, 7, 'undecodable', 'why', '2026-11-01', 0x00ff, '2026-11-01')`,
  );
  await using folder = await temporaryFolder('operate');
  const out = join(folder.path, 'rejected.jsonl');
  const before = process.cwd();
  const { exitCode } = await byFunction('rejected', 'export', '--all', '--out', out);
  strictEqual(exitCode, 0);
  const [line = ''] = (await readFile(out, 'utf8')).split('\n');
  strictEqual(JSON.parse(line).offset, '7');
  strictEqual(process.cwd(), before);
});

test('a replay by the function sets the group back, and its audit line names whoever called', async (t) => {
  const { topic, keyspace } = await deployed(t);
  await topic.produce(Array.from({ length: 10 }, () => ({ value: Buffer.from('any') })));
  await topic.commit(0, 9);
  const { exitCode, told } = await byFunction('replay', '--from', '4', '--partition', '0', '--yes');
  strictEqual(exitCode, 0, told.join('\n'));
  strictEqual((await topic.committed()).get(0), 4);
  const { printed } = await operate(['tasks', '--json'], { environment: keyspace.environment });
  strictEqual(JSON.parse(printed[0] ?? '').who, 'arn:aws:iam::111122223333:user/test');
});

test('a command that needs more time than the function has, and cannot go on, says so and ends with code 2', async (t) => {
  await deployed(t);
  const event: OperateEvent = {
    argv: ['user', id, '--from', '1970-01-01', '--limit', '1000000'],
    caller: 'a test',
    run: randomUUID(),
    files: [],
    slices: 1,
    columns: 80,
    stack: {
      ...{ name: 'Website', region: 'eu-west-1', functionName: 'ingest', logGroupName: '/log' },
      ...{ mappingId: 'a-uuid', onFailure: null, version: '1', operate: null },
    },
    mappingState: null,
    stackHealth: null,
  };
  const answer = await handler(event, { getRemainingTimeInMillis: () => 500 });
  deepStrictEqual([answer.exitCode, answer.goesOnBy], [2, null]);
  const said = answer.lines.map(([, text]) => text).join('\n');
  match(said, /The time of the function was up\.\nThe command cannot go on in another invocation/);
  ok(answer.furtherLines === null);
});

test('verify and redrive go on over invocations, by their file and by their task, until each record is done', async (t) => {
  await using pipeline = await openPipeline(3_000, 21);
  {
    await using mapping = await pipeline.startMapping({});
    await mapping.drained(pipeline.ends);
  }
  const { keyspace, expectedTables } = pipeline;
  // Every other invocation has two seconds, and the commands handle as few records a second as make them need more.
  const { calls } = await deploy(t, keyspace, pipeline.topic, (call) =>
    call % 2 === 1 ? 4_000 : 900_000,
  );
  await using folder = await temporaryFolder('operate');
  const out = join(folder.path, 'findings.jsonl');

  const verified = await byFunction('verify', '--out', out, '--rate', '800', '--json');
  strictEqual(verified.exitCode, 0, verified.told.join('\n'));
  strictEqual(calls(), 2);
  const lines = (await readFile(out, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  deepStrictEqual([lines[0].type, lines.at(-1).type], ['verify', 'end']);
  const { matched, superseded } = lines.at(-1).counts;
  strictEqual(matched + superseded, expectedTables.counts.onTime);

  const { late } = expectedTables.counts.rejected;
  const redriven = await byFunction(
    ...['redrive', '--reason', 'late', '--all', '--to', 'tables', '--yes'],
    ...['--rate', `${Math.ceil(late / 6)}`, '--json'],
  );
  strictEqual(redriven.exitCode, 0, redriven.told.join('\n'));
  strictEqual(calls(), 4);
  const names = redriven.printed.map((line) => JSON.parse(line).record);
  deepStrictEqual([names.length, new Set(names).size], [late, late]);
  const tasks = await operate(['tasks', '--json'], { environment: keyspace.environment });
  deepStrictEqual(
    tasks.printed.map((line) => {
      const { command, state, who, counts } = JSON.parse(line);
      return { command, state, who, counts };
    }),
    [
      {
        ...{ command: 'redrive', state: 'done', who: 'arn:aws:iam::111122223333:user/test' },
        counts: `${late} done`,
      },
    ],
  );
});

test('a redrive of findings goes on over invocations, each of which gets their file anew', async (t) => {
  await using pipeline = await openPipeline(1_000, 22);
  {
    await using mapping = await pipeline.startMapping({});
    await mapping.drained(pipeline.ends);
  }
  const { keyspace, topic } = pipeline;
  await keyspace.client.execute(`TRUNCATE ${keyspace.name}.user_events`);
  const { calls } = await deploy(t, keyspace, topic, (call) => (call === 2 ? 4_000 : 900_000));
  await using folder = await temporaryFolder('operate');
  const out = join(folder.path, 'findings.jsonl');
  strictEqual((await byFunction('verify', '--out', out, '--json')).exitCode, 1);
  const redriven = await byFunction(
    ...['redrive', '--from-file', out, '--to', 'tables', '--yes', '--rate', '200', '--json'],
  );
  strictEqual(redriven.exitCode, 0, redriven.told.join('\n'));
  strictEqual(calls(), 3);
  match(redriven.told.join('\n'), /^findings\.jsonl stays as it is/m);
  const again = await byFunction('verify', '--again', out, '--json');
  strictEqual(again.exitCode, 0, again.printed.join('\n'));
});
