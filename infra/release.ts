import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '..');

/** The version of the project. */
export const { version } = manifest;

/** Asks git a question about a folder. */
const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

/**
 * Gives the commit of the repository whose root a folder is, with `-dirty` where its files differ from it. Gives `unknown`
 * without git, and for a folder inside a repository: a package that is installed there has commits of its own.
 */
export const commitAt = (folder: string): string => {
  try {
    if (git(folder, 'rev-parse', '--show-prefix') !== '') return 'unknown';
    return git(folder, 'describe', '--always', '--dirty', '--abbrev=12', '--exclude=*');
  } catch {
    return 'unknown';
  }
};

let known: string | undefined;

/** Gives the commit of the project, asked for once a process. */
export const commitOf = (): string => {
  // The package has the commit that it was built from (build-package.ts).
  known ??= process.env['BUILT_COMMIT'] ?? commitAt(root);
  return known;
};
