import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lengthOf, rangeOf, toBuffer } from '../../../../functions/ingest/bytes/byte-range.ts';

test('a range has the bytes from its start to before its end, which are not copied', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1 }), fc.nat(), fc.nat(), (array, one, other) => {
      const bytes = Buffer.from(array);
      const [start, end] = [one, other]
        .map((place) => place % (bytes.length + 1))
        .toSorted((a, b) => a - b) as [number, number];
      const range = { bytes, start, end };
      strictEqual(lengthOf(range), end - start);
      deepStrictEqual([...toBuffer(range)], [...array.slice(start, end)]);
      strictEqual(toBuffer(range).buffer, bytes.buffer);
    }),
  );
});

test('the range of a whole buffer has all of its bytes', () => {
  const bytes = Buffer.from('value');
  const range = rangeOf(bytes);
  deepStrictEqual(range, { bytes, start: 0, end: 5 });
  deepStrictEqual(toBuffer(range), bytes);
});
