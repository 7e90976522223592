import { deepStrictEqual, doesNotMatch, match } from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { App, FileSystem } from 'aws-cdk-lib';
import cdk from '../../cdk.json' with { type: 'json' };
import { readDeployConfig } from '../../infra/config.ts';
import { UserEventsStack } from '../../infra/user-events-stack.ts';
import { bundleFunction } from '../../local/function/bundle.ts';

let folder: string;
/** The name of the one folder that would be uploaded, and its code. */
let asset: string;
let deployed: Record<string, string>;

const codeIn = async (path: string): Promise<Record<string, string>> => {
  const names = (await readdir(path)).filter((name) => name.endsWith('.mjs'));
  const texts = names.map(async (name) => [name, await readFile(join(path, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts));
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  const app = new App({ outdir: folder });
  new UserEventsStack(app, readDeployConfig('example', cdk.context.stages.example));
  app.synth();
  const assets = (await readdir(folder)).filter((name) => name.startsWith('asset.'));
  deepStrictEqual(assets.length, 1);
  asset = assets.join();
  deployed = await codeIn(join(folder, asset));
});
after(() => rm(folder, { recursive: true }));

// The source maps differ: theirs are paths from where the bundle lies to its sources.
test('what runs locally is, byte for byte, what is deployed', async () => {
  await bundleFunction(join(folder, 'local'));
  deepStrictEqual(await codeIn(join(folder, 'local')), deployed);
});

test('the asset is known by what is in the bundle, so that a new schema or package is deployed', () => {
  deepStrictEqual(asset, `asset.${FileSystem.fingerprint(join(folder, asset))}`);
});

test('the names of error classes, ours and the driver’s, survive the bundling', () => {
  for (const name of ['UnavailableError', 'RefusedError', 'NoHostAvailableError', 'ResponseError'])
    match(
      Object.values(deployed).join('\n'),
      new RegExp(`\\b(class|function) ${name}\\b|\\b${name}=class`),
    );
});

test('the clients of AWS are files of their own: a function that needs none does not read them', () => {
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
