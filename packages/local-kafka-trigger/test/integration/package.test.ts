import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { buildPackage } from '../../build.ts';
import { createTopic } from '../support/kafka-topic.ts';

const run = promisify(execFile);
const home = join(import.meta.dirname, '../..');
const modules = resolve(home, '../../node_modules');

let folder: string;
/** A folder in which the package is installed by its file, and nothing else. */
let app: string;

/** The code of the README, by its language. */
const codeOf = (language: string): string => {
  const readme = readFileSync(join(home, 'README.md'), 'utf8');
  const [, code = ''] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme) ?? [];
  ok(code !== '', `README.md has no code in ${language}`);
  return code;
};

const npm = (args: readonly string[], cwd: string) =>
  run('npm', [...args, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], { cwd });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trigger-package-'));
  app = join(folder, 'app');
  await mkdir(app);
  buildPackage(join(folder, 'dist'));
  await npm(['pack', './dist'], folder);
  const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(app, 'package.json'), '{"name": "app", "private": true}');
  await npm(['install', join('..', file)], app);
  await writeFile(join(app, 'index.mjs'), codeOf('js'));
});
after(() => rm(folder, { recursive: true }));

test('in an empty folder the README’s command runs the README’s function on a topic', async (t) => {
  const topic = await createTopic(t, 1);
  await topic.produce(
    ['good', 'bad'].map((value) => ({ partition: 0, value: Buffer.from(value) })),
  );
  const [, line = ''] = /^npx local-kafka-trigger (.*)$/m.exec(codeOf('sh')) ?? [];
  const { stdout } = await run(
    join(app, 'node_modules/.bin/local-kafka-trigger'),
    [
      ...line
        .replace('127.0.0.1:9092', topic.bootstrapServers.join(','))
        .replace('orders', topic.name)
        .split(' '),
      '--until-end',
    ],
    { cwd: app, env: { PATH: process.env['PATH'] } },
  );
  match(stdout, new RegExp(`^${topic.name}-0 0 good$`, 'm'));
  match(stdout, /^BATCH .*: 2 records, \d+ ms: failed in part, 1 again$/m);
  match(stdout, /to the destination: 1, lost: 0\.$/m);
  deepStrictEqual((await readdir(join(app, 'failed'))).length, 1);
});

test('the README’s test passes in a folder with the package, and its types hold', async (t) => {
  const topic = await createTopic(t, 1);
  const code = codeOf('ts');
  await writeFile(
    join(app, 'topic.mjs'),
    `import { Producer } from '@platformatic/kafka';
     export const topic = '${topic.name}';
     export const produce = async (...values) => {
       const producer = new Producer({ clientId: 'app', bootstrapBrokers: ['${topic.bootstrapServers[0]}'] });
       await producer.send({ messages: values.map((value) => ({ topic, value: Buffer.from(value) })) });
       await producer.close();
     };`,
  );
  await writeFile(
    join(app, 'topic.d.mts'),
    'export const topic: string; export const produce: (...values: string[]) => Promise<void>;',
  );
  await writeFile(join(app, 'orders.test.mts'), code);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout } = await run(process.execPath, ['--test', 'orders.test.mts'], {
    cwd: app,
    env: { ...env, KAFKA_BOOTSTRAP_SERVERS: topic.bootstrapServers.join(',') },
  }).catch(({ stdout }: { stdout: string }) => ({ stdout }));
  match(stdout, /pass 1/, stdout);
  await mkdir(join(app, 'node_modules/@types'), { recursive: true });
  await symlink(join(modules, '@types/node'), join(app, 'node_modules/@types/node'));
  await symlink(join(modules, 'undici-types'), join(app, 'node_modules/undici-types'));
  await writeFile(
    join(app, 'wrong.test.mts'),
    code.replace('retryAttempts: 1', "retryAttempts: '1'"),
  );
  const compile = (name: string) =>
    run(
      join(modules, '.bin/tsc'),
      [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--lib',
        'es2024,esnext.disposable',
        '--types',
        'node',
        '--skipLibCheck',
        name,
      ],
      { cwd: app },
    ).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    );
  deepStrictEqual(await compile('orders.test.mts'), '');
  match(await compile('wrong.test.mts'), /^wrong\.test\.mts\(\d+,\d+\): error TS2322/);
});
