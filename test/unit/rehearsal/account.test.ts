import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { accountOf, totalOf } from '../../rehearsal/account.ts';
import { UnexpectedEndError } from '../../rehearsal/rehearsal.ts';
import { scenarios } from '../../rehearsal/scenarios/index.ts';

const steps = [
  { what: 'make a VPC', seconds: 1 },
  { what: `deploy ${'with a word more '.repeat(9)}`, seconds: 12.34, code: 0 },
];
const long = 'a sentence that is so long that it needs more than the one line of eighty columns';

test('the account of a rehearsed scenario fits into 80 columns, with each command’s exit code and seconds', () => {
  const account = accountOf(long, { kind: 'passed', seconds: 13.4, steps });
  for (const line of account.split('\n')) ok(line.length <= 80, line);
  match(account, /^✔ a sentence/);
  match(account, /^ {4}make a VPC +1\.0 s$/m);
  match(account, /exit 0 +12\.3 s$/m);
});

test('a scenario that failed shows what the command line said', () => {
  const error = new UnexpectedEndError('cdk deploy ended with 1, and must not:\nthe reason');
  const failed = accountOf('a sentence', { kind: 'failed', seconds: 1, steps: [], error });
  deepStrictEqual(failed, `✖ a sentence (1 s)\n${error.message}`);
});

test('a scenario that failed, and could not be closed either, shows both reasons', () => {
  const reason = new UnexpectedEndError('cdk deploy ended with 1');
  const error = new SuppressedError(new UnexpectedEndError('no such folder'), reason);
  const failed = accountOf('a sentence', { kind: 'failed', seconds: 1, steps: [], error });
  match(failed, /cdk deploy ended with 1\nand then, as it was closed: no such folder$/);
});

test('the last line counts what passed and what failed', () => {
  const passed = { kind: 'passed', seconds: 1, steps } as const;
  const failed = { kind: 'failed', seconds: 1, steps, error: null } as const;
  deepStrictEqual(totalOf([passed, failed, passed]), '2 passed, 1 failed');
});

test('each scenario of the rehearsal has a name of its own', () => {
  const names = scenarios.map(({ name }) => name);
  deepStrictEqual(new Set(names).size, names.length);
});
