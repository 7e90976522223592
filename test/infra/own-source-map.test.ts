import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { ownSourceMap } from '../../infra/own-source-map.ts';

const map = {
  version: 3,
  sources: ['../functions/own.ts', '../node_modules/driver/index.js'],
  names: ['ofPackage', 'ofOwn'],
  mappings: encode([
    [
      [0, 1, 0, 0, 0],
      [10, 1, 1, 0],
      [20, 0, 4, 2, 1],
      [30, 0, 5, 0],
      [40, 1, 2, 0],
    ],
    [[5, 0, 9, 0]],
  ]),
};

test('a source map is left with the project’s own files and names', () => {
  const { sources, names, mappings } = ownSourceMap(map, []);
  deepStrictEqual(sources, ['../functions/own.ts', '']);
  deepStrictEqual(names, ['ofOwn']);
  deepStrictEqual(decode(mappings), [[[20, 0, 4, 2, 0], [30, 0, 5, 0], [40]], [[5, 0, 9, 0]]]);
});

test('what follows a parenthesis in its line moves by one column', () => {
  const { mappings } = ownSourceMap(map, [
    { line: 0, column: 10, text: '(' },
    { line: 0, column: 30, text: ')' },
  ]);
  deepStrictEqual(decode(mappings), [[[21, 0, 4, 2, 0], [32, 0, 5, 0], [42]], [[5, 0, 9, 0]]]);
});
