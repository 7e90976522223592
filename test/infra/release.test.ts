import { deepStrictEqual, match } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commitAt, commitOf } from '../../infra/release.ts';
import { stage, templateOf } from '../support/stages.ts';

/** Makes a folder with a repository of one commit. */
const repository = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'repository-'));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();
  git('init', '--quiet');
  await writeFile(join(folder, 'file'), 'one');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '-m', 'one');
  return { folder, git, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
};

test('the function’s variable COMMIT is the commit of the project', () => {
  const functions = templateOf(stage()).findResources('AWS::Lambda::Function');
  const commits = Object.values(functions).flatMap(
    ({ Properties }) => Properties.Environment?.Variables?.COMMIT ?? [],
  );
  deepStrictEqual(commits, [commitOf()]);
});

test('a commit is named by twelve digits, and a changed file says that it is not the whole truth', async () => {
  await using one = await repository();
  const head = one.git('rev-parse', 'HEAD').slice(0, 12);
  deepStrictEqual(commitAt(one.folder), head);
  await writeFile(join(one.folder, 'file'), 'two');
  deepStrictEqual(commitAt(one.folder), `${head}-dirty`);
  match(head, /^[0-9a-f]{12}$/);
});

test('a folder inside a repository has no commit of its own, nor has one without a repository', async () => {
  await using one = await repository();
  const inside = await mkdtemp(join(one.folder, 'package-'));
  deepStrictEqual(commitAt(inside), 'unknown');
  const outside = await mkdtemp(join(tmpdir(), 'no-repository-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(outside, { recursive: true }) };
  deepStrictEqual(commitAt(outside), 'unknown');
});
