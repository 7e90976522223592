import { deepStrictEqual } from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { misplacedOptions } from '../../../../local/synth/misplaced-options.ts';

/** Gives the variables that npm itself sets for a script. */
const variablesOf = async (...args: readonly string[]): Promise<NodeJS.ProcessEnv> => {
  const folder = await mkdtemp(join(tmpdir(), 'npm-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const show = 'node -p "JSON.stringify(process.env)"';
  await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { show } }));
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'show', ...args], {
    cwd: folder,
    env: Object.fromEntries(own),
  });
  return JSON.parse(stdout.split('\n')[0] ?? '');
};

for (const [given, expected] of [
  [['-c', 'stage=prod'], 'npm run synth -- -c stage=prod'],
  [['--stage=prod'], 'npm run synth -- -c stage=prod'],
  [['-c', 'stages=mine.json'], 'npm run synth -- -c stage=<stage>'],
  [[], null],
] as const)
  test(`what npm keeps of "npm run synth ${given.join(' ')}" is told with what to type, if it keeps anything`, async () => {
    deepStrictEqual(misplacedOptions(await variablesOf(...given)), expected);
  });

test('an option without a value that npm keeps is told as well', () => {
  deepStrictEqual(
    misplacedOptions({ npm_config_stage: 'true' }),
    'npm run synth -- -c stage=<stage>',
  );
});
