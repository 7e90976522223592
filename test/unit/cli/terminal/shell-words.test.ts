import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { shellWords } from '../../../../cli/terminal/shell-words.ts';

/** Characters that a terminal acts on, or that are not seen, and those that quotes need. */
const unseen = fc.constantFrom(
  '\n',
  '\r',
  '\u001b',
  '\u0003',
  '\u202e',
  '\u200b',
  "'",
  '\\',
  '$',
  '7',
);

test('words that a shell takes as they are stay so', () => {
  deepStrictEqual(
    shellWords(['redrive', '--task', '6f1c2b0e', '--rate=5', 'a/b.json']),
    'redrive --task 6f1c2b0e --rate=5 a/b.json',
  );
});

test('a shell reads back the words that were written, whatever is in them', () => {
  const word = fc
    .string({
      unit: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 1 }), unseen),
      maxLength: 12,
    })
    .filter((one) => !one.includes('\0'));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const printed = execFileSync('bash', ['-c', `printf '%s\\0' ${shellWords(words)}`], {
        encoding: 'utf8',
      });
      deepStrictEqual(printed.split('\0').slice(0, -1), words);
    }),
    { numRuns: 40 },
  );
});

test('a line that is pasted into a terminal has no character that the terminal acts on, or that is not seen', () => {
  const line = shellWords(['--detail', "it's \r\nrm -rf ~\u001b[2J\u202e\u200b", 'c:\\d\u0003']);
  strictEqual(
    line,
    String.raw`--detail $'it\'s \015\012rm -rf ~\033[2J\342\200\256\342\200\213' $'c:\\d\003'`,
  );
});
