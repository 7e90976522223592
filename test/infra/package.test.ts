import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { pageSource } from '../../cli/console/page-source/from-source.ts';
import { buildPackage } from '../../infra/build-package.ts';
import { commitOf } from '../../infra/release.ts';

const run = promisify(execFile);

let folder: string;
/** An app that has installed the package. */
let app: string;

/** The code of a README's section. */
const codeOf = (heading: string): string => {
  const readme = readFileSync('README.md', 'utf8');
  const [, section = ''] = readme.split(`\n## ${heading}\n`);
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(section) ?? [];
  ok(code !== '', `README.md has no code under ${heading}`);
  return code;
};

const npm = (args: readonly string[], cwd: string) =>
  run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--loglevel=error'], { cwd });

/** Runs a program of the app, and reads the template of its stack. */
const synthesise = async (file: string, code: string, stack: string): Promise<Template> => {
  await writeFile(join(app, file), code);
  const outdir = await mkdtemp(join(folder, 'out-'));
  await run(process.execPath, [file], { cwd: app, env: { ...process.env, CDK_OUTDIR: outdir } });
  return Template.fromJSON(
    JSON.parse(await readFile(join(outdir, `${stack}.template.json`), 'utf8')),
  );
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'));
  app = join(folder, 'app');
  await mkdir(app);
  buildPackage(join(folder, 'dist'));
  await npm(['pack', './dist'], folder);
  const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await writeFile(join(app, 'package.json'), '{"name": "app", "private": true}');
  // The app's own CDK is linked: its download is CDK's matter.
  await npm(['install', '--legacy-peer-deps', join('..', file)], app);
  for (const peer of ['aws-cdk-lib', 'constructs'])
    await symlink(resolve('node_modules', peer), join(app, 'node_modules', peer));
});
after(() => rm(folder, { recursive: true }));

test('the package brings no other package, and asks for CDK alone', async () => {
  const installed = (await readdir(join(app, 'node_modules'))).filter(
    (name) => !name.startsWith('.'),
  );
  deepStrictEqual(installed, ['aws-cdk-lib', 'constructs', 'user-events-consumer']);
});

test('the README’s lines synthesize in an app of others: function, mapping, tables, bucket, alarms and dashboard', async () => {
  const code = codeOf('Use it as a construct');
  const template = await synthesise('app.mts', code, 'Website');
  template.hasResourceProperties('AWS::Lambda::Function', {
    Description: 'Writes user events from Kafka to Cassandra',
    Environment: {
      Variables: Match.objectLike({ OUT_OF_ORDERNESS_SECONDS: '120', COMMIT: commitOf() }),
    },
  });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    Topics: ['user-events'],
    AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: 'user-events-to-cassandra' },
  });
  template.resourceCountIs('AWS::Cassandra::Table', 4);
  template.resourceCountIs('AWS::S3::Bucket', 1);
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  deepStrictEqual(Object.keys(template.findOutputs('*')).length, 7);
});

test('a pipeline to Cassandra has the custom resource that makes the tables, in an app of CommonJS', async () => {
  const template = await synthesise(
    'app.cjs',
    `const { App, Stack } = require('aws-cdk-lib');
    const { KafkaAuth, KafkaSource, Sink, UserEventsPipeline } = require('user-events-consumer');
    const stack = new Stack(new App(), 'Website', { env: { account: '111122223333', region: 'eu-west-1' } });
    new UserEventsPipeline(stack, 'UserEvents', {
      source: KafkaSource.selfManaged({
        bootstrapServers: ['kafka.example.org:9096'],
        auth: KafkaAuth.scram512('arn:aws:secretsmanager:eu-west-1:111122223333:secret:kafka-AbCdEf'),
      }),
      topic: 'user-events',
      consumerGroup: 'user-events-to-cassandra',
      sink: Sink.cassandra({
        keyspace: 'user_events',
        contactPoints: ['cassandra.example.org'],
        localDataCenter: 'dc1',
      }),
    });`,
    'Website',
  );
  template.resourceCountIs('Custom::CassandraTables', 1);
  template.resourceCountIs('Custom::KafkaMappingCheck', 1);
});

test('the functions of the package are the bundles that this project deploys, with nothing to build', async () => {
  const functions = join(app, 'node_modules', 'user-events-consumer', 'functions');
  const found = await readdir(functions);
  deepStrictEqual(found.toSorted(), ['check-mapping', 'ingest', 'migrate', 'operate']);
  for (const name of found)
    ok(
      existsSync(join(functions, name, ...(name === 'operate' ? ['bundle'] : []), 'index.mjs')),
      name,
    );
  ok(existsSync(join(functions, 'operate/dist/native.wasm')));
  ok(!existsSync(join(app, 'node_modules', 'esbuild')));
});

/** Runs the package's command line as people do, and gives its exit code with what it has written. */
const userEvents = async (args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
  const { CASSANDRA_CONTACT_POINTS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const command = run('npx', ['--offline', 'user-events', ...args], {
    cwd: app,
    env: { ...env, COLUMNS: '80', ...environment },
  });
  return command.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      ...{ code, stdout, stderr },
    }),
  );
};

test('the package’s command line has the operations, and says of what runs here that it needs a checkout', async () => {
  const { code, stdout } = await userEvents(['--help']);
  deepStrictEqual(code, 0);
  for (const name of ['user', 'rejected', 'verify', 'redrive', 'replay', 'console', 'start'])
    match(stdout, new RegExp(`^  ${name} `, 'm'));
  const start = await userEvents(['start', '--follow']);
  deepStrictEqual(start.code, 2);
  match(start.stderr, /start needs a checkout of the project/);
  match((await userEvents(['--version'])).stdout, new RegExp(`^\\S+, commit ${commitOf()}\n$`));
});

const nowhere = {
  CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
  CASSANDRA_TLS: 'off',
};

test('the package’s console serves its page, and data with the token of its URL, without a checkout', async () => {
  const { CASSANDRA_CONTACT_POINTS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const child = spawn(process.execPath, ['node_modules/.bin/user-events', 'console'], {
    cwd: app,
    env: { ...env, ...nowhere },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    const [printed] = await once(child.stdout, 'data');
    const { origin, hash } = new URL(String(printed).trim());
    const read = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${origin}${path}`, { headers });
      return [answer.status, await answer.text()] as const;
    };
    match((await read('/'))[1], /<script type="module" src="\/page\.js">/);
    deepStrictEqual(await read('/page.js'), [200, pageSource().script]);
    deepStrictEqual(await read('/page.css'), [200, pageSource().style]);
    const token = hash.replace('#token=', '');
    const [status, said] = await read('/api/partitions', { 'x-console-token': token });
    deepStrictEqual(status, 502);
    match(said, /Cassandra at 127\.0\.0\.1:1 .* cannot be used/);
  } finally {
    child.kill('SIGINT');
  }
  deepStrictEqual(await ended, [0, null]);
});

test('the package’s command line tells a server that is not there as a sentence, and ends with code 2', async () => {
  const { code, stdout, stderr } = await userEvents(['partitions'], nowhere);
  deepStrictEqual([code, stdout], [2, '']);
  match(
    stderr,
    /Cassandra at 127\.0\.0\.1:1 \(CASSANDRA_CONTACT_POINTS\) cannot be used: .*Is it running/s,
  );
});

test('the package’s command line finds the stages of the folder that it is called in, and none of this project', async () => {
  const { code, stderr } = await userEvents(['partitions', '--stage', 'prod']);
  deepStrictEqual(code, 2);
  match(
    stderr,
    /There is no cdk\.json in this folder that a stage could be in\. Name a file of stages/,
  );
});

test('the package’s command line runs on a Node without what Node 22 and 24 have added to JavaScript', async () => {
  const older = join(folder, 'older.mjs');
  await writeFile(
    older,
    `delete Promise.withResolvers; delete Map.groupBy; delete Array.fromAsync;
    delete globalThis.SuppressedError; delete globalThis.AsyncDisposableStack;`,
  );
  const NODE_OPTIONS = `--import=${older}`;
  const { code, stderr } = await userEvents(['partitions'], { ...nowhere, NODE_OPTIONS });
  deepStrictEqual(code, 2);
  match(stderr, /cannot be used: .*Is it running/s);
  deepStrictEqual((await userEvents(['verify', '--help'], { NODE_OPTIONS })).code, 0);
});

test('the types of the package hold in an app without this project’s packages, and refuse a login that a source does not know', async () => {
  const right = codeOf('Use it as a construct');
  const wrong = right.replace('KafkaAuth.iam()', "KafkaAuth.plain('arn')");
  const compile = (name: string) =>
    run(
      resolve('node_modules/.bin/tsc'),
      [
        ...['--noEmit', '--strict', '--module', 'nodenext'],
        // What CDK's own declarations need.
        ...['--lib', 'es2024,esnext.disposable', '--types', 'node'],
        ...['--typeRoots', resolve('node_modules/@types'), name],
      ],
      { cwd: app },
    ).then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    );
  await writeFile(join(app, 'right.mts'), right);
  await writeFile(join(app, 'wrong.mts'), wrong);
  deepStrictEqual(await compile('right.mts'), '');
  const errors = await compile('wrong.mts');
  deepStrictEqual(errors.match(/wrong\.mts\(\d+,\d+\): error TS2322/g)?.length, 1, errors);
});
