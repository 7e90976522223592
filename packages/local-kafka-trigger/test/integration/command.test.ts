import { deepStrictEqual, match } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createTopic } from '../support/kafka-topic.ts';
import { writeTemplate } from '../support/template.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const bin = join(import.meta.dirname, '../../src/bin.ts');

const start = (cwd: string, ...args: readonly string[]) =>
  spawn(process.execPath, [bin, ...args], { cwd, env: { PATH: process.env['PATH'] } });

const run = async (cwd: string, ...args: readonly string[]) => {
  const child = start(cwd, ...args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code };
};

/** A topic of ten records in two partitions, and a folder with a handler. */
const prepare = async (t: TestContext, handler: string) => {
  const topic = await createTopic(t, 2);
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'index.mjs'), handler);
  await topic.produce(
    Array.from({ length: 10 }, (_, n) => ({ partition: n % 2, value: Buffer.from(`${n}`) })),
  );
  const where = ['--topic', topic.name, '--brokers', topic.bootstrapServers.join(',')];
  return { topic, folder, where };
};

test('one command runs a handler on a topic up to its end, and says what became of each batch', async (t) => {
  const { folder, where } = await prepare(
    t,
    'export const handler = async ({ records }) => console.log("seen", Object.keys(records).length);',
  );
  const { stdout, stderr, code } = await run(
    folder,
    '--handler',
    'index.handler',
    ...where,
    '--until-end',
  );
  deepStrictEqual([code, stderr], [0, '']);
  for (const line of [
    /^READY topic test-/m,
    /^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/m,
    /^seen \d$/m,
    /^REPORT RequestId: .*Init Duration: /m,
    /^BATCH test-.*: done$/m,
    /^END 10 records in \d invocations?; tried again: 0, to the destination: 0, lost: 0\.$/m,
  ])
    match(stdout, line);
});

test('a synthesised template is enough: function, mapping and destination are those of the stack', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce([{ partition: 0, value: Buffer.from('x') }]);
  const path = await writeTemplate(t, {
    mapping: { Topics: [topic.name], StartingPosition: 'TRIM_HORIZON', MaximumRetryAttempts: 0 },
  });
  const folder = await temporaryFolder(t);
  const { stdout, code } = await run(
    folder,
    ...['--template', path, '--brokers', topic.bootstrapServers.join(','), '--until-end'],
  );
  deepStrictEqual(code, 0, stdout);
  match(stdout, /^NOTE The variable TABLE is not known/m);
  match(stdout, new RegExp(`^READY topic ${topic.name} at .*, group orders-to-db\\.`, 'm'));
  match(stdout, /^REPORT .*Memory Size: 512 MB/m);
});

test('records that are lost are the exit code; a folder keeps them', async (t) => {
  const { folder, where } = await prepare(
    t,
    'export const handler = () => { throw new Error("no"); };',
  );
  const failing = ['--handler', 'index.handler', ...where, '--retries', '0', '--until-end'];
  const lost = await run(folder, ...failing);
  deepStrictEqual(lost.code, 1, lost.stderr);
  match(lost.stdout, /^GIVEN UP \(RetryAttemptsExhausted\): \d+ records?, LOST$/m);
  const kept = await run(folder, ...failing, '--on-failure', 'failed');
  deepStrictEqual(kept.code, 0, kept.stderr);
  deepStrictEqual((await readdir(join(folder, 'failed'))).length > 0, true);
});

test('with --json each line is an object, and Ctrl-C finishes and leaves', async (t) => {
  const { folder, where } = await prepare(t, 'export const handler = async () => null;');
  const child = start(folder, '--handler', 'index.handler', ...where, '--json');
  const closed = once(child, 'close');
  const types: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const { type } = JSON.parse(line);
    types.push(type);
    if (type === 'batch') child.kill('SIGINT');
  }
  const [code] = await closed;
  deepStrictEqual([types.includes('ready'), types.at(-1), code], [true, 'end', 0]);
});

test('Ctrl-C ends it at once while it waits for the group of brokers that do not answer', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'index.mjs'), 'export const handler = async () => null;');
  const silent = createServer().listen(0, '127.0.0.1');
  t.after(() => silent.close());
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const child = start(
    folder,
    ...['--handler', 'index.handler', '--topic', 'orders', '--brokers', `127.0.0.1:${port}`],
  );
  const [socket] = (await once(silent, 'connection')) as [Socket];
  child.kill('SIGINT');
  deepStrictEqual(await once(child, 'close'), [130, null]);
  socket.destroy();
});

test('a mistake of the command line is a sentence', async (t) => {
  const folder = await temporaryFolder(t);
  const { stderr, code } = await run(
    folder,
    '--handler',
    'none.handler',
    '--topic',
    't',
    '--brokers',
    'a:1',
  );
  deepStrictEqual([stderr.split('\n').length, code], [2, 1]);
  match(stderr, /none\.handler is not there/);
});
