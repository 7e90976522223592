import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Runs `npm test --` with these arguments, as if in a terminal of its own. */
const run = (...args: readonly string[]) => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/run.ts', ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
};

for (const [what, args, sentence] of [
  ['a file that does not exist', ['test/unit/none.test.ts'], /none\.test\.ts: there is no such/],
  ['a pattern that matches no file', ['test/**/none/*'], /none\/\*: there is no such file/],
  ['a file that holds no tests', ['test/support/imports.ts'], /it holds no tests/],
  ['a folder without tests', ['test/support'], /the folder holds no test file/],
  ['an option that does not exist', ['--none'], /unknown option '--none'/],
  [
    'a file that may need servers, where none may be started',
    ['--no-servers', 'test/integration/produce.test.ts'],
    /run it by npm test -- test\/integration\/produce\.test\.ts/,
  ],
] as const)
  test(`npm test ends with a sentence, and starts nothing, when it is given ${what}`, () => {
    const { status, stdout, stderr } = run(...args);
    deepStrictEqual([status, stdout], [1, '']);
    match(stderr, sentence);
  });

test('npm test ends with a sentence when no title matches the pattern that it is given', () => {
  const { status, stderr } = run('--test-name-pattern', 'no such title', 'test/unit/schema');
  strictEqual(status, 1);
  match(stderr, /No test of these files has a title that matches no such title/);
});

test('npm test starts no server for a file that asks for none', () => {
  const { status, stdout } = run('test/unit/ingest/event/bucket.test.ts');
  strictEqual(status, 0, stdout);
  match(stdout, /pass 3\n/);
  strictEqual(stdout.includes('Starting'), false, stdout);
});
