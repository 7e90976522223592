import { deepStrictEqual, throws } from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeOf } from '../../../../cli/stage/place-of.ts';
import { UserFacingError } from '../../../../cli/terminal/user-facing-error.ts';
import { temporaryFolder } from '../../../../local/servers/temporary-folder.ts';

const refusal = (message: RegExp) => (error: unknown) =>
  error instanceof UserFacingError && message.test(error.message);

const prod = { stackName: 'user-events-prod', account: '111122223333', region: 'eu-west-1' };

const written = async (folder: string, name: string, json: unknown): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, typeof json === 'string' ? json : JSON.stringify(json));
  return path;
};

test('a stage of cdk.json in the current folder is found with its stack, region and account', async () => {
  await using folder = await temporaryFolder('stages');
  await written(folder.path, 'cdk.json', { context: { stages: { prod } } });
  deepStrictEqual(placeOf({ stage: 'prod' }, folder.path), { name: 'stage prod', ...prod });
});

test('a folder without a cdk.json has the stages of the project', async () => {
  await using folder = await temporaryFolder('stages');
  deepStrictEqual(placeOf({ stage: 'demo' }, folder.path), {
    name: 'stage demo',
    stackName: 'user-events-demo',
  });
});

test('a cdk.json whose context.stages names a file is read by that file', async () => {
  await using folder = await temporaryFolder('stages');
  await written(folder.path, 'cdk.json', { context: { stages: 'ours.json' } });
  await written(folder.path, 'ours.json', { prod });
  deepStrictEqual(placeOf({ stage: 'prod' }, folder.path).stackName, 'user-events-prod');
});

test('a file of stages is taken in place of cdk.json, and --region in place of the stage’s', async () => {
  await using folder = await temporaryFolder('stages');
  const stages = await written(folder.path, 'ours.json', { live: prod });
  deepStrictEqual(placeOf({ stage: 'live', stages, region: 'eu-central-1' }), {
    ...{ name: 'stage live', stackName: 'user-events-prod', account: '111122223333' },
    region: 'eu-central-1',
  });
});

test('a stack is named by itself, and one of several pipelines in it behind a slash', () => {
  deepStrictEqual(placeOf({ stack: 'Website', region: 'eu-west-1' }), {
    ...{ name: 'stack Website', stackName: 'Website', region: 'eu-west-1' },
  });
  deepStrictEqual(placeOf({ stack: 'Website/Clicks/Events' }), {
    ...{ name: 'stack Website/Clicks/Events', stackName: 'Website', construct: 'Clicks/Events' },
  });
});

test('a stage that is not there is told with the nearest name and all names', async () => {
  await using folder = await temporaryFolder('stages');
  await written(folder.path, 'cdk.json', { context: { stages: { prod, staging: prod } } });
  throws(
    () => placeOf({ stage: 'prud' }, folder.path),
    refusal(/^cdk\.json has no stage prud \(did you mean prod\?\)\. It has prod, staging\.$/),
  );
  throws(
    () => placeOf({ stage: 'constructor' }, folder.path),
    refusal(/^cdk\.json has no stage constructor\. It has prod, staging\.$/),
  );
});

test('a cdk.json of an app without stages leads to --stages and --stack', async () => {
  await using folder = await temporaryFolder('stages');
  await written(folder.path, 'cdk.json', { app: 'node app.ts' });
  throws(
    () => placeOf({ stage: 'prod' }, folder.path),
    refusal(/^cdk\.json has no stages\. .*--stages <file>, or the stack by --stack <name>\.$/),
  );
});

test('a stage without a stack’s name is told, with the command that says what is wrong', async () => {
  await using folder = await temporaryFolder('stages');
  await written(folder.path, 'cdk.json', { context: { stages: { prod: { stackName: 1 } } } });
  throws(
    () => placeOf({ stage: 'prod' }, folder.path),
    refusal(/no stackName that could be looked for: npm run synth -- -c stage=prod/),
  );
});

test('a file of stages that is no JSON, no object or not there is told by its name', async () => {
  await using folder = await temporaryFolder('stages');
  const broken = await written(folder.path, 'broken.json', '{');
  const list = await written(folder.path, 'list.json', [prod]);
  throws(
    () => placeOf({ stage: 'prod', stages: broken }),
    refusal(/broken\.json must be a file of JSON/),
  );
  throws(
    () => placeOf({ stage: 'prod', stages: list }),
    refusal(/list\.json must be an object of stages/),
  );
  throws(
    () => placeOf({ stage: 'prod', stages: join(folder.path, 'none.json') }),
    refusal(/none\.json must be a file of JSON that can be read \(ENOENT/),
  );
  await mkdir(join(folder.path, 'cdk.json'));
  throws(() => placeOf({ stage: 'prod' }, folder.path), refusal(/EISDIR/));
});

test('a file of stages without a stage asks for the stage', () => {
  throws(() => placeOf({ stages: 'ours.json' }), refusal(/name it by --stage\.$/));
});
