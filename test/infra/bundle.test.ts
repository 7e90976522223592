import { deepStrictEqual, doesNotMatch, match, ok } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { FileSystem } from 'aws-cdk-lib';
import cdk from '../../cdk.json' with { type: 'json' };
import late from '../../events/late.json' with { type: 'json' };
import { bundleFunction } from '../../local/bundle.ts';
import manifest from '../../package.json' with { type: 'json' };
import { answer, type Bundle, bundled, codeIn, together } from '../support/bundles.ts';
import { startSecretsManager } from '../support/secrets-manager.ts';

const run = promisify(execFile);

let folder: string;
/** The bundled functions, each by a word that only this one has. */
let bundles: Map<string, Bundle>;

const bundleWith = (word: string): Bundle => {
  const found = bundles.get(word);
  if (found === undefined) throw new Error(`no bundle has ${word}`);
  return found;
};

const ingest = 'the invocation failed; its batch will be delivered again';
const migrate = 'tables-of-';
const produce = 'user-events-demo';
const checkMapping = 'MappingChangeError';
const operate = 'which alone calls this function';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  const { demo, 'example-self-managed': selfManaged } = cdk.context.stages;
  bundles = new Map([
    ...(await bundled(folder, demo, [ingest, produce, checkMapping])),
    ...(await bundled(folder, { ...selfManaged, operate: true }, [
      ingest,
      migrate,
      checkMapping,
      operate,
    ])),
  ]);
});
after(() => rm(folder, { recursive: true }));

// The hash in a file's name covers its source map, which has paths from the bundle to the sources.
test('the function that runs locally is, byte for byte, the one that is deployed', async () => {
  const local = join(folder, 'out-local', 'as-deep');
  await bundleFunction(local);
  deepStrictEqual(await codeIn(local), bundleWith(ingest).code);
});

test('the asset is known by what is in the bundle, so that a new schema or package is deployed', () => {
  for (const { asset } of bundles.values())
    deepStrictEqual(basename(asset), `asset.${FileSystem.fingerprint(asset)}`);
});

test('the names of error classes, ours and the driver’s, survive the bundling', () => {
  // esbuild's helper restores the name of a renamed class.
  for (const name of ['UnavailableError', 'RefusedError', 'NoHostAvailableError', 'ResponseError'])
    match(together(bundleWith(ingest)), new RegExp(`[\\w$]+\\([\\w$]+,"${name}"\\)`));
});

test('the bundle has the version of the project, and its commit is a variable, so that a commit alone is no other asset', () => {
  const code = together(bundleWith(ingest));
  ok(code.includes(`version:"${manifest.version}"`));
  ok(code.includes('.COMMIT||"unknown"'));
  ok(!code.includes('BUNDLED_VERSION'));
});

test('the file that every cold start reads has less than 600 kB', () => {
  const code = bundleWith(ingest).code['index.mjs'] ?? '';
  ok(code.length > 0);
  ok(Buffer.byteLength(code) < 600_000);
});

test('a start compiles no WebAssembly: the driver’s package for 64-bit numbers does without', async () => {
  const { index } = bundleWith(ingest);
  const script = `
    const compiled = [];
    WebAssembly.Module = class { constructor() { compiled.push('a module'); } };
    await import(${JSON.stringify(index)});
    process.stdout.write(JSON.stringify([compiled, typeof WebAssembly]), () => process.exit());`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
    env: nowhere,
  });
  deepStrictEqual(JSON.parse(stdout), [[], 'object']);
});

test('an error of the function is traced to the line of its own file, by a source map that has no package in it', async () => {
  const { index } = bundleWith(ingest);
  const { sources, names }: { sources: string[]; names: string[] } = JSON.parse(
    readFileSync(`${index}.map`, 'utf8'),
  );
  ok(names.length > 0 && sources.some((source) => source.endsWith('/pipeline/ingest.ts')));
  deepStrictEqual(
    sources.filter((source) => source.includes('node_modules')),
    [],
  );
  const failed = await run(process.execPath, ['--enable-source-maps', index], { env: {} }).then(
    () => '',
    ({ stderr }: { stderr: string }) => stderr,
  );
  match(failed, /functions\/ingest\/settings\/read-settings\.ts:\d+:\d+/);
});

test('the clients of AWS are files of their own: a function that needs none does not read them', () => {
  const { code: deployed } = bundleWith(ingest);
  const loaded = new Set<string>();
  const load = (name: string): void => {
    if (loaded.has(name)) return;
    loaded.add(name);
    for (const [, other = ''] of (deployed[name] ?? '').matchAll(/from\s*"\.\/([\w-]+\.mjs)"/g))
      load(other);
  };
  load('index.mjs');
  const code = [...loaded].map((name) => deployed[name]).join('\n');
  for (const client of ['SecretsManagerClient', 'GlueClient']) {
    // The definition of a class has its name in quotes.
    const definition = new RegExp(`"${client}"`);
    match(Object.values(deployed).join('\n'), definition);
    doesNotMatch(code, definition);
  }
});

const nowhere = {
  CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
  CASSANDRA_KEYSPACE: 'user_events',
  CASSANDRA_TLS: 'off',
  CONSUMER_GROUP_ID: 'group',
};

for (const [what, password] of [
  ['a start', false],
  ['a start that reads a secret', true],
] as const)
  test(`Node’s modules for the web, which take long to load, are not loaded by ${what}`, async () => {
    await using secrets = await startSecretsManager({
      login: JSON.stringify({ username: 'someone', password: 'secret' }),
    });
    const login = {
      CASSANDRA_AUTH: 'password',
      CASSANDRA_SECRET_ARN: 'login',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint,
    };
    const { index } = bundleWith(ingest);
    const script = `
      await import(${JSON.stringify(index)});
      process.stdout.write(JSON.stringify(process.moduleLoadList), () => process.exit());`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      env: { ...nowhere, ...(password ? login : {}) },
    });
    const loaded: string[] = JSON.parse(stdout);
    // These names prove that the list has loaded modules, and that the start came so far.
    ok(loaded.includes('NativeModule net'));
    deepStrictEqual(secrets.requests.get('login'), password ? 1 : undefined);
    deepStrictEqual(
      loaded.filter((name) => /undici|http2/.test(name)),
      [],
    );
  });

test('the ingest bundle loads under plain Node and answers: without a database every record comes again', async () => {
  const identifier = 'user-events-late-0';
  const [first] = late.records[identifier];
  const event = { ...late, records: { [identifier]: [first] } };
  deepStrictEqual(await answer(bundleWith(ingest), event, nowhere), {
    batchItemFailures: [{ itemIdentifier: { partition: identifier, offset: first?.offset } }],
  });
});

test('the ingest bundle fails with the batch where no partial response is taken', async () => {
  const environment = { ...nowhere, PARTIAL_RESPONSES: 'off' };
  match(
    String(await answer(bundleWith(ingest), late, environment)),
    /^\d+ records have failed, and PARTIAL/,
  );
});

test('the migrate bundle answers a deletion by doing nothing', async () => {
  const event = {
    RequestType: 'Delete',
    ResourceProperties: { Keyspace: 'user_events', Tables: [] },
  };
  deepStrictEqual(await answer(bundleWith(migrate), event, nowhere), {
    PhysicalResourceId: 'tables-of-user_events',
  });
});

test('the bundle that checks the mapping answers with the name of its settings', async () => {
  const ResourceProperties = {
    Topic: 'user-events',
    ConsumerGroup: 'group',
    StartingPosition: 'trim-horizon',
    Source: 'kafka:9096',
    Generation: '1',
  };
  const said = await answer(
    bundleWith(checkMapping),
    { RequestType: 'Create', ResourceProperties },
    {},
  );
  match(JSON.stringify(said), /^\{"PhysicalResourceId":"mapping-1-[0-9a-f]{32}"\}$/);
});

test('the producer’s bundle loads, and says which setting it lacks', async () => {
  deepStrictEqual(await answer(bundleWith(produce), {}, {}), 'KAFKA_TOPIC is not set');
});

test('the bundle that runs operations refuses an event that is not its caller’s', async () => {
  match(
    String(await answer(bundleWith(operate), late, nowhere)),
    /^The event is not one of `user-events/,
  );
});

test('the bundle that runs operations knows its commands, and neither what leads to it nor how it is deployed', () => {
  const code = together(bundleWith(operate));
  for (const word of ['Sets the consumer group back', 'Lists the events of a user'])
    ok(code.includes(word), word);
  for (const word of ['CloudFormationClient', 'InvokeCommand', 'aws-cdk-lib', 'npm start runs'])
    ok(!code.includes(`"${word}"`), word);
});
