import { deepStrictEqual, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import manifest from '../../../package.json' with { type: 'json' };

const read = (path: string): string => readFileSync(path, 'utf8');
const majorOf = (version: string): string => /\d+/.exec(version)?.[0] ?? 'none';

test('the licence of package.json is that of the file LICENSE', () => {
  match(read('LICENSE'), new RegExp(`^${manifest.license} License\n`));
});

test('the Node that packages bring is the Node of .nvmrc, and that of Lambda', () => {
  deepStrictEqual(majorOf(manifest.devDependencies.node), read('.nvmrc').trim());
  match(read('infra/bundled-function.ts'), new RegExp(`NODEJS_${read('.nvmrc').trim()}_X`));
});

test('the oldest Node that begins is the same in package.json, run.js and the README', () => {
  const oldest = majorOf(manifest.engines.node);
  match(read('run.js'), new RegExp(`major < ${oldest}\\b`));
  match(read('README.md'), new RegExp(`Node \\(${oldest} or newer\\)`));
});

test('the newest version of the changelog is that of package.json, with its date', () => {
  const [newest] = read('CHANGELOG.md').match(/^## \d.*$/m) ?? [];
  match(newest ?? '', new RegExp(`^## ${manifest.version} - \\d{4}-\\d\\d-\\d\\d$`));
});

test('the continuous integration runs .ci/run and nothing else of its own', () => {
  const runs = [...read('.github/workflows/ci.yml').matchAll(/^ +- run: (.*)$/gm)];
  deepStrictEqual(
    runs.map(([, command]) => command),
    ['.ci/run'],
  );
});
