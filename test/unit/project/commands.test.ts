import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import manifest from '../../../package.json' with { type: 'json' };

/** The scripts of package.json that run something of this project, with the arguments of Node. */
const scripts = Object.entries(manifest.scripts).flatMap(([name, script]) => {
  const [, file] = /^node run\.js (\S+\.ts.*)$/.exec(script) ?? [];
  return file === undefined ? [] : [{ name, args: file.split(' ') }];
});

/** Runs a script as npm does, with further arguments and nothing of this machine's servers. */
const run = async (args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
  const { NODE_TEST_CONTEXT: _, COLUMNS: __, FORCE_COLOR: ___, ...env } = process.env;
  const child = spawn(process.execPath, ['run.js', ...args], {
    env: { ...env, npm_lifecycle_event: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, stdout, stderr };
};

const argsOf = (wanted: string): readonly string[] =>
  scripts.find(({ name }) => name === wanted)?.args ?? [];

test('package.json has scripts of this project', () => {
  ok(scripts.length > 20);
});

describe('each command', { concurrency: 2 }, () => {
  for (const { name, args } of scripts) {
    test(`npm run ${name} -- --help says what it does and how long it takes, within 80 columns, and does nothing`, async () => {
      const { code, stdout, stderr } = await run([...args, '--help']);
      deepStrictEqual({ code, stderr }, { code: 0, stderr: '' });
      const call = ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`;
      ok(stdout.startsWith(`Usage: ${call} -- [options]`), stdout);
      match(stdout, /^Takes .+\./ms);
      for (const line of stdout.split('\n')) ok(line.length <= 80, line);
    });
  }
});

describe('a filter that matches nothing is told before anything starts', { concurrency: 2 }, () => {
  for (const [name, args, sentence] of [
    ['bench', ['--only', 'nothing'], /^\nNo consumer has nothing in its name\. There are shipped;/],
    [
      'chaos',
      ['--only', 'nothing'],
      /^error: option '--only <stage>' argument 'nothing' is invalid/,
    ],
    ['fuzz', ['--only', 'nothing'], /^error: option '--only <kind>' argument 'nothing' is invalid/],
    ['fuzz', ['--path', '1:2'], /^error: --path needs the --only and the --seed/],
    ['rehearse', ['--only', 'no such name'], /^\nNo scenario’s name matches no such name/],
    ['rehearse', ['--only', '['], /It must be a regular expression/],
    ['invoke', ['package.json'], /^\npackage\.json is not a Kafka event\. /],
    ['invoke', ['none.json'], /^\nnone\.json cannot be read \(ENOENT\)/],
  ] as const)
    test(`npm run ${name} -- ${args.join(' ')} ends with a sentence`, async () => {
      const { code, stdout, stderr } = await run([...argsOf(name), ...args]);
      deepStrictEqual({ code, stdout }, { code: 1, stdout: '' });
      match(stderr, sentence);
    });
});

// All commands have one maker, cli/terminal/command.ts.
test('an option that does not exist is refused, and the error says how to find those that do', async () => {
  deepStrictEqual(await run([...argsOf('cost'), '--no-such-option']), {
    code: 1,
    stdout: '',
    stderr: "error: unknown option '--no-such-option'\n(--help lists the options)\n",
  });
});

test('an argument that a command does not take is refused with the place of options', async () => {
  const { code, stderr } = await run([...argsOf('cost'), '3000']);
  strictEqual(code, 1);
  match(stderr, /too many arguments.*\nOptions come after `--`: npm run cost -- --help\n/);
});

test('an option that npm has taken for itself, because `--` was forgotten, is refused', async () => {
  const { code, stderr } = await run(argsOf('cost'), { npm_config_rate: '3000' });
  strictEqual(code, 1);
  match(stderr, /npm has taken --rate for itself.*: npm run cost -- --rate/);
});
