import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const begins = /^\s*\*\s+Of\b|(?:^|\s)(?:\/\/|\/\*\*?)\s+Of\b/;

/** Finds the lines of comments that begin with "Of": their noun stands in the code beside them. Lines count from 1. */
export const commentsBeginningWithOf = (source: string): number[] =>
  source.split('\n').flatMap((line, index) => (begins.test(line) ? [index + 1] : []));

// A part of `npm run check`: exits with code 1 if a comment of the project begins with "Of".
if (import.meta.main) {
  const patterns = ['*.ts', '*.js', '*.mjs', '*.cjs'];
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--deduplicate', '--cached', '--others', '--exclude-standard', ...patterns],
    { encoding: 'utf8' },
  );
  const found = listed
    .split('\0')
    .filter((path) => path !== '')
    .flatMap((path) =>
      commentsBeginningWithOf(readFileSync(path, 'utf8')).map((line) => `${path}:${line}`),
    );
  for (const place of found)
    process.stderr.write(
      `${place}: a comment begins with "Of"; begin with a verb, or with a noun and its article\n`,
    );
  process.exitCode = found.length === 0 ? 0 : 1;
}
