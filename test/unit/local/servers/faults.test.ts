import { match, rejects, strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserFacingError } from '../../../../cli/terminal/user-facing-error.ts';
import { assertDiskSpace } from '../../../../local/servers/disk-space.ts';
import { findJava } from '../../../../local/servers/java.ts';
import { newClusterId } from '../../../../local/servers/kafka.ts';
import { mavenFault } from '../../../../local/servers/maven.ts';
import { assertPortFree, freePorts } from '../../../../local/servers/ports.ts';
import { startFault } from '../../../../local/servers/server-process.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';

/** A JDK's home whose java says that it is of this version. */
const jdk = async (folder: string, version: string): Promise<string> => {
  const home = join(folder, version);
  await mkdir(join(home, 'bin'), { recursive: true });
  const java = join(home, 'bin', 'java');
  await writeFile(java, `#!/bin/sh\necho 'openjdk version "${version}" 2025-04-15' >&2\n`);
  await chmod(java, 0o755);
  return home;
};

test('a JDK 17 is found by JAVA_HOME, on the path or in the usual places, past others', async () => {
  await using folder = await temporaryFolder('test-java');
  const [right, wrong] = [await jdk(folder.path, '17.0.15'), await jdk(folder.path, '25.0.1')];
  const java = join(right, 'bin', 'java');
  strictEqual(await findJava({ javaHome: right, path: '', usual: [] }), java);
  strictEqual(await findJava({ javaHome: wrong, path: join(right, 'bin'), usual: [] }), java);
  strictEqual(await findJava({ javaHome: wrong, path: '', usual: [`${folder.path}/*`] }), java);
});

test('without a JDK 17 the sentence says what was found and what to do', async () => {
  await using folder = await temporaryFolder('test-java');
  const javaHome = await jdk(folder.path, '25.0.1');
  await rejects(findJava({ javaHome, path: '', usual: [] }), (error) => {
    match(String(error), /JDK 17 is needed .* found were Java 25 at .*JAVA_HOME.*KAFKA_BOOTSTRAP/s);
    return error instanceof UserFacingError;
  });
  await rejects(findJava({ javaHome: undefined, path: '', usual: [] }), /no Java was found/);
});

test('a taken port is named, with the option that gives another', async () => {
  await using server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  await rejects(
    assertPortFree(port, '--kafka-port'),
    new RegExp(`Port ${port} is taken by another program. Give another with --kafka-port`),
  );
});

// One start of Kafka in 64 failed: "error: argument --cluster-id/-t: expected one argument".
test('no cluster id can be taken for an option', () => {
  for (let n = 0; n < 1_000; n += 1) match(newClusterId(), /^[A-Za-z0-9][\w-]{21}$/);
});

test('free ports differ', async () => {
  strictEqual(new Set(await freePorts(20)).size, 20);
});

test('a disk without room is named, with what is free and what is needed', async () => {
  await rejects(assertDiskSpace('/', 1e18), /nearly full: .* GB are free and 1000000000\.0 GB/);
  await assertDiskSpace('/', 1);
});

test('a folder that cannot be made is said with TMPDIR', async () => {
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = '/nowhere/at/all';
  try {
    await rejects(temporaryFolder('test'), /No folder can be made in \/nowhere.*ENOENT.*TMPDIR/s);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});

for (const [log, sentence] of [
  ['x\njava.net.BindException: Address already in use\n', /its port was taken/],
  ['java.io.IOException: No space left on device', /the disk is full/],
  ['Could not reserve enough space for object heap', /too little free memory/],
  ['INFO a\nERROR bad setting foo\nINFO b\n', /could not start: ERROR bad setting foo$/],
  ['', /it said nothing/],
] as const)
  test(`a server that ends with "${log.split('\n')[0]}" is explained in a sentence`, () => {
    match(startFault('Kafka', log), sentence);
  });

test('Maven’s first error is what is said of it, and a full disk is said as such', () => {
  match(
    mavenFault('[INFO] x\n[ERROR] Could not resolve y\n[ERROR] z'),
    /: Could not resolve y\. Check/,
  );
  match(mavenFault('No space left on device'), /disk is full/);
  match(mavenFault(''), /no reason given/);
});
