import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { stage } from '../support/stages.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synth-'));
});
after(() => rm(folder, { recursive: true }));

/** Runs `npm run synth` as npm does. */
const synth = async (
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number | null; readonly error: string }> => {
  const child = spawn(
    process.execPath,
    ['local/synth.ts', ...args, '--output', await mkdtemp(join(folder, 'out-'))],
    {
      env: {
        ...process.env,
        PATH: [join('node_modules', '.bin'), dirname(process.execPath), process.env['PATH']].join(
          delimiter,
        ),
        ...variables,
      },
    },
  );
  const [error] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, error };
};

test('a stage of another file is synthesized, and the end says what was checked and what comes next, within 80 columns', async () => {
  const file = join(folder, 'stages.json');
  const mapping = { startingPosition: 'latest' };
  await writeFile(file, JSON.stringify({ prod: { ...stage(), mapping } }));
  const { code, error } = await synth(['-c', `stages=${file}`, '-c', 'stage=prod']);
  strictEqual(code, 0, error);
  const lines = error.trimEnd().split('\n').slice(-7);
  const [resources = ''] = lines.splice(4, 1);
  match(resources, /^resources {2}\d\d$/);
  deepStrictEqual(lines, [
    `stage      prod, of ${file}`,
    'stack      user-events-test',
    'account    111122223333',
    'region     eu-west-1',
    'warnings   1, above',
    `next       npx cdk deploy -c stages=${file} -c stage=prod`,
  ]);
  match(error, /latest loses records/);
  for (const line of lines.filter((one) => !one.includes(file))) ok(line.length <= 80);
});

test('mistakes name the file of the stage', async () => {
  const file = join(folder, 'wrong.json');
  await writeFile(file, JSON.stringify({ prod: { ...stage(), topic: '.' } }));
  const { code, error } = await synth(['-c', `stages=${file}`, '-c', 'stage=prod']);
  strictEqual(code, 1);
  ok(error.includes(`The configuration of stage "prod" in ${file} is wrong:`), error);
});

test('options that npm has kept, and an option without a value, are refused before anything is synthesized', async () => {
  const kept = await synth([], { npm_config_call: 'stage=prod' });
  strictEqual(kept.code, 1);
  match(kept.error, /Type\n\n {4}npm run synth -- -c stage=prod\n/);
  const without = await synth(['-c', 'stage']);
  strictEqual(without.code, 1);
  match(without.error, /It needs a name and a value: npm run synth -- -c stage=<value>/);
});
