import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from '../../../../cli/terminal/printable.ts';

test('characters of others that move the cursor, turn the direction of text, or cannot be seen, are shown by their numbers', () => {
  strictEqual(printable('a\u001b[2J\u202eb\u009b\n'), 'a\\u001b[2J\\u202eb\\u009b\\u000a');
  strictEqual(printable('a\u0000c\u200bd\ud800'), 'a\\u0000c\\u200bd\\ud800');
  strictEqual(printable('\u{e0041}'), '\\u{e0041}');
});

test('what can be seen is shown as it is', () => {
  for (const text of ['Grüße, 世界 👍', '<img src=x onerror=1>'])
    strictEqual(printable(text), text);
});
