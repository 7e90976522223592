import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import fc from 'fast-check';
import { commandLineOf, readOnly } from '../../../../cli/console/read-only.ts';

test('a request becomes the command line of a command that reads', () => {
  const query = new URLSearchParams({ since: '1h', reason: 'late', all: 'true', limit: '5' });
  deepStrictEqual(commandLineOf('rejected-list', query), [
    'rejected',
    'list',
    '--reason=late',
    '--since=1h',
    '--all',
    '--limit=5',
  ]);
  deepStrictEqual(commandLineOf('trace', new URLSearchParams({ record: 't/0/1' })), [
    'trace',
    '--',
    't/0/1',
  ]);
});

test('a filter that is the word true is a value, and no option without one; a flag is given by that word alone', () => {
  const query = new URLSearchParams({ reason: 'late', detail: 'true', all: 'false' });
  deepStrictEqual(commandLineOf('rejected', query), ['rejected', '--reason=late', '--detail=true']);
});

test('of a parameter that is given twice the first counts', () => {
  const query = new URLSearchParams('record=t/0/1&record=--help&record=t/0/2');
  deepStrictEqual(commandLineOf('trace', query), ['trace', '--', 't/0/1']);
});

for (const name of ['redrive', 'forget', 'replay', '__proto__', 'constructor', ''])
  test(`“${name}” is no command that the page may have run`, () => {
    strictEqual(commandLineOf(name, new URLSearchParams()), null);
  });

test('no value of a request becomes another option, and no parameter beyond the command’s own is taken', () => {
  const known = ['from', 'to', 'type', 'limit', 'locate', 'id', 'yes', 'stage', 'out'];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...known), fc.string()), (given) => {
      const line = commandLineOf('user', new URLSearchParams(given)) ?? [];
      const parsed = new Command('user').argument('<id>').exitOverride();
      for (const option of readOnly['user']?.options ?? []) parsed.option(`--${option} [value]`);
      parsed.parse(line.slice(1), { from: 'user' });
      deepStrictEqual(parsed.args, [given['id'] ?? '']);
      for (const [name, value] of Object.entries(parsed.opts()))
        ok(value === true || value === given[name]);
    }),
  );
});
