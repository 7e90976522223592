import { deepStrictEqual, match } from 'node:assert/strict';
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
/** The name of the one folder that would be uploaded, and its `index.mjs`. */
let asset: string;
let deployed: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  const app = new App({ outdir: folder });
  new UserEventsStack(app, readDeployConfig('example', cdk.context.stages.example));
  app.synth();
  const assets = (await readdir(folder)).filter((name) => name.startsWith('asset.'));
  deepStrictEqual(assets.length, 1);
  asset = assets.join();
  deployed = await readFile(join(folder, asset, 'index.mjs'), 'utf8');
});
after(() => rm(folder, { recursive: true }));

// The source maps differ: theirs are paths from where the bundle lies to its sources.
test('what runs locally is, byte for byte, what is deployed', async () => {
  const local = await bundleFunction(join(folder, 'local'));
  deepStrictEqual(await readFile(local, 'utf8'), deployed);
});

test('the asset is known by what is in the bundle, so that a new schema or package is deployed', () => {
  deepStrictEqual(asset, `asset.${FileSystem.fingerprint(join(folder, asset))}`);
});

test('the names of error classes, ours and the driver’s, survive the bundling', () => {
  for (const name of ['UnavailableError', 'RefusedError', 'NoHostAvailableError', 'ResponseError'])
    match(deployed, new RegExp(`\\b(class|function) ${name}\\b|\\b${name}=class`));
});
