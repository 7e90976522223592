import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { count } from '../../../../cli/terminal/words.ts';

test('a number of things has its thousands apart, and one thing is singular', () => {
  deepStrictEqual(
    [count(0, 'row'), count(1, 'row'), count(2_000, 'row'), count(2, 'class', 'classes')],
    ['0 rows', '1 row', '2,000 rows', '2 classes'],
  );
});
