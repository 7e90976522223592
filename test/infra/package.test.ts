import { deepStrictEqual, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Match, Template } from 'aws-cdk-lib/assertions';
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
  template.resourceCountIs('AWS::Cassandra::Table', 3);
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
  for (const name of await readdir(functions))
    ok(existsSync(join(functions, name, 'index.mjs')), name);
  ok(!existsSync(join(app, 'node_modules', 'esbuild')));
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
