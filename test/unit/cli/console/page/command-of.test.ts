import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { commandOf } from '../../../../../cli/console/page/command-of.ts';

test('a command of the page names the pipeline that is shown, and leaves empty options out', () => {
  strictEqual(
    commandOf(['--stage', 'prod'], ['rejected', 'export'], {
      since: '24h',
      reason: '',
      detail: undefined,
      all: 'true',
    }),
    'npx user-events rejected export --since 24h --all --stage prod',
  );
});

test('a filter that is the word true is a value of the command', () => {
  strictEqual(
    commandOf([], ['redrive'], { detail: 'true', all: 'false' }),
    'npx user-events redrive --detail true',
  );
});

test('what a filter holds is one word of the command, whatever is in it', () => {
  strictEqual(
    commandOf([], ['redrive'], { detail: "it's; rm -rf /", to: 'tables' }),
    "npx user-events redrive --detail 'it'\\''s; rm -rf /' --to tables",
  );
});
