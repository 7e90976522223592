import { deepStrictEqual, doesNotMatch, match } from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { App, FileSystem } from 'aws-cdk-lib';
import cdk from '../../cdk.json' with { type: 'json' };
import late from '../../events/late.json' with { type: 'json' };
import { readDeployConfig } from '../../infra/config.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';
import { bundleFunction } from '../../local/function/bundle.ts';

let folder: string;
interface Bundle {
  /** The folder that would be uploaded. */
  readonly asset: string;
  readonly index: string;
  /** By the names of the files beside it. */
  readonly code: Readonly<Record<string, string>>;
}
/** The bundled functions, by a word that only one of them has. */
let bundles: Map<string, Bundle>;

const codeIn = async (path: string): Promise<Record<string, string>> => {
  const names = (await readdir(path)).filter((name) => name.endsWith('.mjs'));
  const texts = names.map(async (name) => [name, await readFile(join(path, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
};
const together = ({ code }: Bundle): string => Object.values(code).join('\n');

const bundled = async (given: object, words: readonly string[]): Promise<typeof bundles> => {
  const outdir = await mkdtemp(join(folder, 'out-'));
  const app = new App({ outdir });
  new UserEventsStack(app, readDeployConfig('example', given));
  app.synth();
  const found = new Map<string, Bundle>();
  const entries = await readdir(outdir, { recursive: true });
  for (const index of entries.filter((name) => basename(name) === 'index.mjs')) {
    const asset = join(outdir, index.split(sep)[0] ?? '');
    const code = await codeIn(join(outdir, dirname(index)));
    const bundle = { asset, index: join(outdir, index), code };
    const word = words.find((one) => together(bundle).includes(one));
    if (word !== undefined) found.set(word, bundle);
  }
  deepStrictEqual([...found.keys()].sort(), words.toSorted());
  return found;
};
const bundleWith = (word: string): Bundle => {
  const found = bundles.get(word);
  if (found === undefined) throw new Error(`no bundle has ${word}`);
  return found;
};

const ingest = 'user-events.results';
const migrate = 'tables-of-';
const produce = 'user-events-demo';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  const { demo, 'example-self-managed': selfManaged } = cdk.context.stages;
  bundles = new Map([
    ...(await bundled(demo, [ingest, produce])),
    ...(await bundled(selfManaged, [ingest, migrate])),
  ]);
});
after(() => rm(folder, { recursive: true }));

// Files are known by a hash of their source maps too, which have paths from where the bundle lies to its sources.
test('what runs locally is, byte for byte, what is deployed', async () => {
  const local = join(folder, 'out-local', 'as-deep');
  await bundleFunction(local);
  deepStrictEqual(await codeIn(local), bundleWith(ingest).code);
});

test('the asset is known by what is in the bundle, so that a new schema or package is deployed', () => {
  for (const { asset } of bundles.values())
    deepStrictEqual(basename(asset), `asset.${FileSystem.fingerprint(asset)}`);
});

test('the names of error classes, ours and the driver’s, survive the bundling', () => {
  for (const name of ['UnavailableError', 'RefusedError', 'NoHostAvailableError', 'ResponseError'])
    match(
      together(bundleWith(ingest)),
      new RegExp(`\\b(class|function) ${name}\\b|\\b${name}=class`),
    );
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
    // A class is given its name in quotes where it is defined.
    const definition = new RegExp(`"${client}"`);
    match(Object.values(deployed).join('\n'), definition);
    doesNotMatch(code, definition);
  }
});

/** What a bundle answers to an event, alone in a process of plain Node, as Lambda would load it. */
const answer = async (
  { index }: Bundle,
  event: object,
  environment: Readonly<Record<string, string>>,
): Promise<unknown> => {
  const script = `
    const { handler } = await import(${JSON.stringify(index)});
    const context = { getRemainingTimeInMillis: () => 1500 };
    const answer = await handler(${JSON.stringify(event)}, context).catch((error) => error.message);
    process.send(answer ?? null, () => process.exit());`;
  const file = join(folder, `run-${randomUUID()}.mjs`);
  await writeFile(file, script);
  const child = fork(file, { env: { PATH: process.env['PATH'], ...environment }, silent: true });
  const answered = once(child, 'message').then(([message]) => message);
  const errors = text(child.stderr as Readable);
  const ended = once(child, 'exit').then(async ([code]) => {
    throw new Error(`the process ended with ${code}: ${await errors}`);
  });
  return Promise.race([answered, ended]);
};

const nowhere = {
  CASSANDRA_CONTACT_POINTS: '127.0.0.1:1',
  CASSANDRA_LOCAL_DATACENTER: 'dc1',
  CASSANDRA_KEYSPACE: 'user_events',
  CASSANDRA_TLS: 'off',
  CONSUMER_GROUP_ID: 'group',
};

test('the ingest bundle loads under plain Node and answers: without a database every record comes again', async () => {
  const identifier = 'user-events-late-0';
  const [first] = late.records[identifier];
  const event = { ...late, records: { [identifier]: [first] } };
  deepStrictEqual(await answer(bundleWith(ingest), event, nowhere), {
    batchItemFailures: [{ itemIdentifier: { partition: identifier, offset: first?.offset } }],
  });
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

test('the producer’s bundle loads, and says which setting it lacks', async () => {
  deepStrictEqual(
    await answer(bundleWith(produce), {}, {}),
    'KAFKA_TOPIC must be given (not given)',
  );
});
