import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { operate } from '../../../support/operate.ts';

/** The names of all operations, as the help lists them. */
const namesOf = (help: readonly string[]): string[] =>
  help.flatMap((line) => /^ {2}([a-z]+) /.exec(line)?.slice(1) ?? []);

const tooLong = (help: readonly string[]): string[] =>
  help.filter((line) => line.length > 80 && !/^ {2}user-events /.test(line));

test('the help of the program lists each operation, within 80 columns', async () => {
  const { exitCode, printed } = await operate(['--help']);
  strictEqual(exitCode, 0);
  const names = namesOf(printed);
  for (const name of ['user', 'rejected', 'trace', 'verify', 'redrive', 'replay', 'health'])
    ok(names.includes(name), name);
  deepStrictEqual(tooLong(printed), []);
});

test('the help of each operation has its options and examples, within 80 columns', async () => {
  const { printed } = await operate(['--help']);
  for (const name of namesOf(printed)) {
    const { exitCode, printed: help } = await operate([name, '--help']);
    strictEqual(exitCode, 0);
    const text = help.join('\n');
    match(text, /^Usage: user-events /);
    match(text, /\nExamples:\n {2}user-events /);
    deepStrictEqual(tooLong(help), [], name);
    // A default stands there as a person writes it.
    doesNotMatch(text.replaceAll(/\s+/g, ' '), /\(default: (false|\d{5,})/);
  }
});

test('a command that there is not, and an option that it does not know, exit with 2 and the way to the help', async () => {
  for (const argv of [['nope'], ['user', '--nope'], ['user']]) {
    const { exitCode, told } = await operate(argv);
    strictEqual(exitCode, 2);
    const text = told.join('\n');
    match(text, /^error: /);
    match(text, /\(--help lists the options\)$/);
  }
});

test('an option that is given twice is refused, for only one of its values would count; a switch may come twice', async () => {
  for (const argv of [
    ['redrive', '--to', 'tables', '--to', 'topic'],
    ['rejected', 'list', '--reason', 'late', '--reason', 'tombstone'],
    ['health', '--stage', 'a', '--stage', 'b'],
  ]) {
    const { exitCode, told } = await operate(argv);
    strictEqual(exitCode, 2);
    match(told.join('\n'), /^error: option '--\w+ <\w+>' is given twice/);
  }
  const { exitCode } = await operate(['user', '--json', '--json', '--help']);
  strictEqual(exitCode, 0);
});

test('what a redrive is to do is checked before anything is connected to', async () => {
  const environment = { CASSANDRA_CONTACT_POINTS: '127.0.0.1:1', CASSANDRA_TLS: 'off' };
  const run = (...words: readonly string[]) =>
    operate(['redrive', ...words], {
      environment: {
        ...environment,
        CASSANDRA_LOCAL_DATACENTER: 'datacenter1',
        CASSANDRA_KEYSPACE: 'k',
        CONSUMER_GROUP_ID: 'g',
      },
    });
  await rejects(run(), /Say where to/);
  await rejects(run('--to', 'tables', '--from-file', 'a', '--from-failed', 'b'), /Only one of/);
});
