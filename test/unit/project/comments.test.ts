import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { commentsBeginningWithOf } from '../../check-comments.ts';

/** The planted word; it is put in, so that the check does not find this file. */
const planted = 'Of';

test('a comment that begins with "Of" is found by its line, in each form that a comment has', () => {
  const source = [
    `/** ${planted} the value, and behind the key. */`,
    'const place = 1;',
    '/**',
    ` * ${planted} the largest event.`,
    ' */',
    `const size = 2; // ${planted} a record.`,
    `  // ${planted} each round by itself.`,
  ].join('\n');
  deepStrictEqual(commentsBeginningWithOf(source), [1, 4, 6, 7]);
});

test('the word "of" elsewhere in a comment, and "Of" in code, are not found', () => {
  const source = [
    '/** The size of a record. Offsets count from 0. */',
    '// of a sentence that goes on',
    `const text = "// ${planted} a string";`,
    `const product = a * ${planted};`,
  ].join('\n');
  deepStrictEqual(commentsBeginningWithOf(source), []);
});
