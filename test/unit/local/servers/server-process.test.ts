import { match, ok, rejects, strictEqual } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserFacingError } from '../../../../cli/terminal/user-facing-error.ts';
import { majorVersion } from '../../../../local/servers/java.ts';
import { startFault, startServer } from '../../../../local/servers/server-process.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';

const forever = 'setInterval(() => {}, 1000);';
const never = (): Promise<void> => new Promise(() => {});

/** Starts a script of Node as if it were a server of the name `Test`, in a folder of its own. */
const start = (folder: string, script: string, ready: () => Promise<void>) =>
  startServer({
    name: 'Test',
    java: process.execPath,
    arguments: ['-e', script],
    log: join(folder, 'log'),
    ready,
  });

/** Ready when the server has written the file. */
const written = (path: string) => async (): Promise<void> => {
  if (!existsSync(path)) throw new Error('not yet');
};

test('a server that ends while it starts is not waited for, though an answer is still awaited', {
  timeout: 10_000,
}, async () => {
  await using folder = await temporaryFolder('test-server');
  await rejects(start(folder.path, 'console.log("ERROR bad setting");', never), (error) => {
    match(String(error), /Test could not start: ERROR bad setting \(the whole log: .*test\.log\)/);
    return error instanceof UserFacingError;
  });
});

test('a server that cannot be run at all is an error, not a crash', async () => {
  await using folder = await temporaryFolder('test-server');
  const command = { name: 'Test', java: '/nowhere/java', arguments: [], ready: never };
  await rejects(startServer({ ...command, log: join(folder.path, 'log') }), /could not start/);
});

test('a program that answers on a port in the place of the server that ended is not taken for it', async () => {
  await using folder = await temporaryFolder('test-server');
  const log = join(folder.path, 'log');
  const ended = async (): Promise<void> => {
    while (!(await readFile(log, 'utf8')).includes('in use'));
    await new Promise((resolve) => setTimeout(resolve, 300));
  };
  await rejects(
    start(folder.path, 'console.log("bind 127.0.0.1:9092: Address already in use");', ended),
    /its port was taken by another program meanwhile \(9092\)/,
  );
});

test('a server begun again is not blamed for what its former run said', {
  timeout: 20_000,
}, async () => {
  await using folder = await temporaryFolder('test-server');
  const [up, broken] = [join(folder.path, 'up'), join(folder.path, 'broken')];
  const script = `const fs = require('fs');
    if (fs.existsSync(${JSON.stringify(broken)})) { console.log('ERROR second'); process.exit(1); }
    console.log('Address already in use');
    fs.writeFileSync(${JSON.stringify(up)}, ''); ${forever}`;
  await using server = await start(folder.path, script, written(up));
  const first = server.pid;
  await server.kill();
  await rm(up);
  await server.restart();
  ok(server.pid !== first);
  await rm(up);
  await writeFile(broken, '');
  await rejects(server.restart(), /could not start: ERROR second/);
});

test('a paused server is stopped in order', { timeout: 20_000 }, async () => {
  await using folder = await temporaryFolder('test-server');
  const [up, down] = [join(folder.path, 'up'), join(folder.path, 'down')];
  const script = `const fs = require('fs');
    process.on('SIGTERM', () => { fs.writeFileSync(${JSON.stringify(down)}, ''); process.exit(); });
    fs.writeFileSync(${JSON.stringify(up)}, ''); ${forever}`;
  const server = await start(folder.path, script, written(up));
  server.pause();
  await server[Symbol.asyncDispose]();
  ok(existsSync(down));
});

for (const [log, port] of [
  ['Socket server failed to bind to 127.0.0.1:9092: Address already in use.', '9092'],
  ['127.0.0.1/127.0.0.1:7010 is in use by another process.', '7010'],
] as const)
  test(`the taken port is named, as in "${log}"`, () => {
    ok(startFault('Kafka', log).includes(`(${port})`));
  });

for (const [output, version] of [
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "25" 2025-09-16', 25],
  ['java version "1.8.0_402"', 8],
  ['command not found', null],
] as const)
  test(`"${output.split('\n').at(-1)}" is Java ${version}`, () => {
    strictEqual(majorVersion(output), version);
  });
