import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { faultKinds } from '../../src/faults/faults.ts';

const home = join(import.meta.dirname, '../..');
const page = readFileSync(join(home, 'conformance.md'), 'utf8');
/** The rows of the page, without the heads of its tables. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| rule'))
  .map((line) => line.slice(2, -2).split(' | '));

/** Leaves out what a value has in its code alone. */
const bare = (text: string): string => text.replaceAll(/[\s"'`{}[\]]/g, '').toLowerCase();

/** The titles of each test file, as patterns: a part that is filled in stands for a text that the file has. */
const titles = Map.groupBy(
  globSync('test/{unit,integration}/**/*.test.ts', { cwd: home }).flatMap((path) => {
    const source = readFileSync(join(home, path), 'utf8');
    return [...source.matchAll(/\btest\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs)].map(
      ([, , title = '']) => ({
        file: basename(path, '.test.ts'),
        source: bare(source),
        pattern: new RegExp(
          `^${title
            .split(/\$\{(?:[^{}]|\{[^}]*\})*\}/)
            .map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
            .join('(.+)')}$`,
        ),
      }),
    );
  }),
  ({ file }) => file,
);

test('each row of the conformance page names a rule, a page, what is so here, and a test', () => {
  ok(rows.length > 50, `${rows.length} rows`);
  for (const row of rows) {
    deepStrictEqual(row.length, 4, row.join(' | '));
    match(row[2] ?? '', /^(?:same|unknown|not emulated)\b/, row.join(' | '));
  }
});

test('each test that the conformance page names exists', () => {
  const missing = rows
    .map(([rule = '', , , named = '']) => ({ rule, named }))
    .filter(({ named }) => named !== 'none')
    .filter(({ named }) => {
      const [, file = '', title = ''] = /^`([\w-]+)`: (.+)$/.exec(named) ?? [];
      return !titles.get(file)?.some(({ pattern, source }) => {
        const [whole, ...filled] = pattern.exec(title) ?? [];
        return whole !== undefined && filled.every((part) => source.includes(bare(part)));
      });
    });
  deepStrictEqual(missing, []);
});

test('what is the same as on AWS, or unknown, is held by a test', () => {
  const untested = rows.filter(
    ([, , here = '', named]) => !here.startsWith('not emulated') && named === 'none',
  );
  deepStrictEqual(untested, []);
});

test('the README has the faults that there are, in their own words', () => {
  const readme = readFileSync(join(home, 'README.md'), 'utf8');
  for (const [kind, does] of Object.entries(faultKinds))
    ok(readme.includes(`| \`${kind}\` | ${does} |`), kind);
});
