import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { piecesOf, sectionOf } from '../../../../../cli/console/page/markdown.ts';
import { anchorsIn, readPage } from '../../../../support/markdown.ts';

const page = `# Page

### Records dropped

Look, and
then act:

    one --command
    another

| error | cause |
|---|---|
| \`A\` | [below](#deeper) |

#### Deeper

A part of it.

### Lag

Another.
`;

test('a section of a page ends at the next heading of its depth', () => {
  deepStrictEqual(sectionOf(page, 'records-dropped'), {
    title: 'Records dropped',
    blocks: [
      { kind: 'text', text: 'Look, and then act:' },
      { kind: 'commands', lines: ['one --command', 'another'] },
      {
        kind: 'table',
        rows: [
          ['error', 'cause'],
          ['`A`', '[below](#deeper)'],
        ],
      },
      { kind: 'heading', text: 'Deeper' },
      { kind: 'text', text: 'A part of it.' },
    ],
  });
  strictEqual(sectionOf(page, 'nothing'), null);
});

test('a text is cut into its words, its code and its links', () => {
  deepStrictEqual(piecesOf('The *role* of `x`: [what `y` is](#a).'), [
    { kind: 'plain', text: 'The role of ' },
    { kind: 'code', text: 'x' },
    { kind: 'plain', text: ': ' },
    { kind: 'link', text: 'what y is', to: '#a' },
    { kind: 'plain', text: '.' },
  ]);
});

test('each heading of docs/operations.md is found by the anchor that links have', () => {
  const text = readFileSync('docs/operations.md', 'utf8');
  for (const anchor of anchorsIn(readPage('docs/operations.md')))
    notStrictEqual(sectionOf(text, anchor), null, anchor);
});

test('no word of docs/operations.md is lost when a text is cut', () => {
  const text = readFileSync('docs/operations.md', 'utf8');
  const letters = (given: string): string => given.replaceAll(/[^\p{L}\p{N}]/gu, '');
  strictEqual(
    letters(
      piecesOf(text)
        .map(({ text: piece, to = '' }) => piece + to)
        .join(''),
    ),
    letters(text),
  );
});
