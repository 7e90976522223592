import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collectLines } from '../../../functions/operate/answer-lines.ts';

test('lines of the result and about the work stay in their order, and progress is kept apart', () => {
  const { output, lines, progress, finish } = collectLines(() => {});
  output.print('a row');
  output.progress('half');
  output.tell('a word');
  output.progress('done');
  finish();
  deepStrictEqual(
    [lines, progress()],
    [
      [
        ['out', 'a row'],
        ['err', 'a word'],
      ],
      'done',
    ],
  );
});

test('an answer has no more bytes of JSON than its limit, and the file has the rest in order, whatever the lines are', () => {
  const line = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constant('"'.repeat(40)));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.boolean(), line), { maxLength: 40 }),
      fc.integer({ min: 0, max: 400 }),
      (all, most) => {
        let file = '';
        const { output, lines, finish } = collectLines((text) => {
          file += text;
        }, most);
        for (const [isResult, text] of all) (isResult ? output.print : output.tell)(text);
        finish();
        const bytes = lines.reduce(
          (sum, one) => sum + Buffer.byteLength(JSON.stringify(one)) + 1,
          0,
        );
        deepStrictEqual(bytes <= most, true);
        const further = file
          .split('\n')
          .filter(Boolean)
          .map((text) => JSON.parse(text));
        deepStrictEqual(
          [...lines, ...further],
          all.map(([isResult, text]) => [isResult ? 'out' : 'err', text]),
        );
      },
    ),
  );
});

test('lines for the file are written as they come, and not all at the end', () => {
  let written = 0;
  const { output } = collectLines((text) => {
    written += text.split('\n').length - 1;
  }, 0);
  for (let at = 0; at < 2_500; at += 1) output.print('a row');
  deepStrictEqual(written, 2_000);
});
