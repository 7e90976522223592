import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wordsOf } from '../../../../functions/ingest/bytes/words.ts';

test('a word is written into a part of a buffer with its highest byte first, and no byte beside it is touched', () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(9), fc.nat(9), (word, before, at) => {
      const whole = Buffer.alloc(before + at + 5, 7);
      const expected = Buffer.from(whole);
      expected.writeInt32BE(word, before + at);
      wordsOf(whole.subarray(before)).setInt32(at, word);
      deepStrictEqual(whole, expected);
    }),
  );
});
