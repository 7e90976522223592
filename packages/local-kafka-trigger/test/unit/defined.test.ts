import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../src/defined.ts';

test('what is undefined is left out, and nothing else', () => {
  deepStrictEqual(defined({ a: undefined, b: null, c: 0, d: '' }), { b: null, c: 0, d: '' });
});
