import { deepStrictEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { isoTime, table, wrap } from '../../../local/print.ts';

test('a text is broken between words into lines of at most so many columns, and a longer word has a line of its own', () => {
  deepStrictEqual(wrap('one two three incomprehensible no', 9).split('\n'), [
    'one two',
    'three',
    'incomprehensible',
    'no',
  ]);
});

test('a table has its head and its rows, and numbers are aligned right', () => {
  const drawn = table(['name', 'count'], [['a', '7']], true);
  match(drawn, /name .*count/);
  match(drawn, /│ a +│ +7 │/);
});

test('a time is written in ISO 8601, and none as “none”', () => {
  deepStrictEqual([isoTime(0), isoTime(null)], ['1970-01-01T00:00:00.000Z', 'none']);
});
