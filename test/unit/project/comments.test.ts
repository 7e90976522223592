import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { commentsBeginningWithOf } from '../../check-comments.ts';

test('a comment that begins with "Of" is found by its line, in each form that a comment has', () => {
  const source = [
    '/** Of the value, and behind the key. */',
    'const place = 1;',
    '/**',
    ' * Of the largest event.',
    ' */',
    'const size = 2; // Of a record.',
    '  // Of each round by itself.',
  ].join('\n');
  deepStrictEqual(commentsBeginningWithOf(source), [1, 4, 6, 7]);
});

test('the word "of" elsewhere in a comment, and "Of" in code, are not found', () => {
  const source = [
    '/** The size of a record. Offsets count from 0. */',
    '// of a sentence that goes on',
    'const text = "// Of a string";',
    'const product = a * Of;',
  ].join('\n');
  deepStrictEqual(commentsBeginningWithOf(source), []);
});
