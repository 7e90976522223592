import { deepStrictEqual, ok } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { variables } from '../../../functions/ingest/settings/read-settings.ts';
import { configurationPage } from '../../../infra/settings-table.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { anchorsIn, linksIn, projectFiles, readPage } from '../../support/markdown.ts';

const pages = projectFiles('*.md').map(readPage);
/** The pages that say what is true now: all but the history, and the reasons, which tell what was before. */
const manual = pages.filter(
  ({ path }) => path !== 'CHANGELOG.md' && !path.startsWith('docs/decisions/'),
);

/** Names of other products and of examples, which the project's own files need not have. */
const foreignNames = new Set([
  // AWS
  'LastProcessingResult',
  'PROBLEM',
  'Disabled',
  'StoragePartitionThroughputCapacityExceeded',
  '--enabled',
  'aws/secretsmanager',
  'cdk-hnb659fds-*',
  // Kafka and Cassandra
  '--to-datetime',
  'cqlsh',
  'gc_grace_seconds',
  'flink_events_consumer',
  'TEXT',
  'BIGINT',
  'offsets.csv',
  // The ending of `timestamp-nanos`
  '-nanos',
]);

test('there are pages, and code in them to check', () => {
  ok(pages.length > 20);
  ok(pages.flatMap(({ inline }) => inline).length > 500);
  ok(pages.flatMap(({ blocks }) => blocks).length > 30);
});

test('every link in a page leads to a file of the project, and to a heading of it', () => {
  const anchors = new Map(pages.map((page) => [page.path, anchorsIn(page)]));
  const dead = pages.flatMap((page) =>
    linksIn(page)
      .filter(
        ({ file, anchor }) =>
          !existsSync(file) || (anchor !== '' && anchors.get(file)?.has(anchor) === false),
      )
      .map(({ file, anchor }) => `${page.path}: ${file}#${anchor}`),
  );
  deepStrictEqual(dead, []);
});

test('every page of docs/ is linked from another page', () => {
  const linked = new Set(
    pages.flatMap((page) =>
      linksIn(page).flatMap(({ file }) =>
        file === page.path ? [] : [file, `${file.replace(/\/$/, '')}/README.md`],
      ),
    ),
  );
  const all = pages.map(({ path }) => path).filter((path) => path.startsWith('docs/'));
  deepStrictEqual(
    all.filter((path) => !linked.has(path)),
    [],
  );
});

test('the list of decisions has each, by its title', () => {
  const listed = readFileSync('docs/decisions/README.md', 'utf8').match(/^- .*$/gm);
  const decisions = pages.filter(({ path }) => /^docs\/decisions\/\d/.test(path));
  deepStrictEqual(
    listed,
    decisions.map(({ path, lines }) => {
      const file = path.replace('docs/decisions/', '');
      return `- [${file.slice(0, 4)}](${file}): ${lines[0]?.replace(/^# \d+\. /, '')}`;
    }),
  );
});

test('every npm command in a page is a script of package.json', () => {
  const own = new Set(Object.keys(manifest.scripts));
  const ofNpm = new Set(['install', 'ci', 'pack', 'audit', 'i']);
  const unknown = manual.flatMap(({ path, inline, blocks }) =>
    [...inline, ...blocks.map(({ text }) => text)].flatMap((code) =>
      [...code.matchAll(/\bnpm (run )?([a-z][\w:]*)/g)]
        .filter(([, run, name = '']) => !own.has(name) && (run !== undefined || !ofNpm.has(name)))
        .map(([command]) => `${path}: ${command}`),
    ),
  );
  deepStrictEqual(unknown, []);
});

test('every name that a page has in code is in the project: commands, options, files, variables, metrics, columns, classes', () => {
  const files = projectFiles().filter(
    (path) => !/\.(md|svg|jsonl)$|^package-lock\.json$/.test(path),
  );
  const words = new Set(
    [...files, ...files.map((path) => readFileSync(path, 'utf8'))].flatMap(
      (text) => text.match(/[\w-]+/g) ?? [],
    ),
  );
  const unknown = manual.flatMap(({ path, inline }) =>
    inline
      // Sentences, commands with blanks, literals and numbers are not names.
      .filter(
        (code) => /^[\w.$/*-]+$/.test(code) && !/^\d/.test(code) && !/^[0-9a-f-]{36}$/.test(code),
      )
      .filter(
        (code) =>
          !foreignNames.has(code) && (code.match(/[\w-]+/g) ?? []).some((word) => !words.has(word)),
      )
      .map((code) => `${path}: ${code}`),
  );
  deepStrictEqual(unknown, []);
});

test('every name of another product that is excepted above is in a page', () => {
  const named = new Set(manual.flatMap(({ inline }) => inline));
  deepStrictEqual(
    [...foreignNames].filter((name) => !named.has(name)),
    [],
  );
});

test('every setting of a stage that a page names is a setting, or the object around one', () => {
  const keys = [...configurationPage().matchAll(/^\| `([a-z][\w.]*)` \|/gm)].map(
    ([, key = '']) => key,
  );
  const settings = new Set([
    ...Object.keys(variables).map((name) => `environment.${name}`),
    ...keys.flatMap((key) => key.split('.').map((_, end, all) => all.slice(0, end + 1).join('.'))),
  ]);
  const objects = new Set(keys.filter((key) => key.includes('.')).map((key) => key.split('.')[0]));
  const unknown = manual.flatMap(({ path, inline }) =>
    inline
      .map((code) => /^([a-zA-Z]+)((?:\.\w+)+)(?::|$)/.exec(code))
      .filter((found) => found !== null && objects.has(found[1]))
      .map((found) => `${found?.[1]}${found?.[2]}`)
      // Files have the names of some objects.
      .filter((key) => !settings.has(key) && !/\.(ts|js|md|json)$/.test(key))
      .map((key) => `${path}: ${key}`),
  );
  deepStrictEqual(unknown, []);
});

test('every file that a page names in code is there, from the root or from the folder that the page is about', () => {
  const files = projectFiles();
  const exists = (name: string): boolean => {
    const path = name.replace(/\/$/, '').replaceAll(/[.$]/g, '\\$&').replaceAll('*', '[^/]*');
    return files.some((file) => new RegExp(`(^|/)${path}(/|$)`).test(file));
  };
  const unknown = manual.flatMap(({ path, inline }) =>
    inline
      .filter((code) =>
        /^\.?[\w*-]+(\/[\w.*-]+)+\/?$|^[\w.-]+\.(ts|js|mjs|py|cql|json|md)$/.test(code),
      )
      // These are made by a command or by AWS.
      .filter((code) => !/^(cdk\.out|node_modules|\.local)\//.test(code) && !foreignNames.has(code))
      .filter((code) => !exists(code))
      .map((code) => `${path}: ${code}`),
  );
  deepStrictEqual(unknown, []);
});

test('every diagram has a kind, closes what it opens, and names each arrow’s ends', () => {
  const diagrams = pages.flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => language === 'mermaid').map(({ text }) => ({ path, text })),
  );
  ok(diagrams.length >= 5);
  for (const { path, text } of diagrams) {
    const where = `${path}: ${text.split('\n', 1)}`;
    ok(/^(flowchart (LR|TB|TD)|graph (LR|TD)|sequenceDiagram)\n/.test(text), where);
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
    deepStrictEqual(count(/"/g) % 2, 0, where);
    const unquoted = text
      .replaceAll(/"[^"]*"/g, '')
      .replaceAll(/(-+>?>|-\.+->?|<-+>|-\)|->>)/g, ' ');
    const bare = text.startsWith('sequenceDiagram') ? '' : unquoted;
    for (const [open, close] of ['[]', '()', '{}'].map((pair) => [...pair]))
      deepStrictEqual(
        bare.split(open ?? '').length,
        bare.split(close ?? '').length,
        `${where}: ${open}${close}`,
      );
    deepStrictEqual(count(/^ *(subgraph|par|alt|loop|opt)\b/gm), count(/^ *end$/gm), where);
  }
});

test('no page is a diary: it has no commit, no hour of a run and no earlier state', () => {
  const diary =
    /\bcommit [0-9a-f]{7}|\d{1,2}:\d\d UTC|scratch run|runs before|by turns with|right since|used to be|its own fault/i;
  const found = manual.flatMap(({ path, prose }) =>
    prose.filter((line) => diary.test(line)).map((line) => `${path}: ${line}`),
  );
  deepStrictEqual(found, []);
});

test('no line of a page is longer than 140 characters, but for tables, links and commands', () => {
  const long = manual.flatMap(({ path, prose }) =>
    prose
      .filter((line) => line.length > 140 && !/^\s*\||\]\(|https?:/.test(line))
      .map((line) => `${path}: ${line.slice(0, 60)}`),
  );
  deepStrictEqual(long, []);
});
