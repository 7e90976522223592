import { deepStrictEqual, notDeepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '../../../../local/dataset/random.ts';

test('the same seed repeats the same choices, and another seed makes others', () => {
  deepStrictEqual(createRandom(7).bytes(100), createRandom(7).bytes(100));
  notDeepStrictEqual(createRandom(7).bytes(100), createRandom(8).bytes(100));
});

test('a whole number lies between both ends, and each of them occurs', () => {
  const random = createRandom(1);
  const drawn = new Set(Array.from({ length: 200 }, () => random.between(-1, 1)));
  deepStrictEqual([...drawn].sort(), [-1, 0, 1]);
});

test('a chance of none never comes, a chance of ten thousand always, and one of half about every other time', () => {
  const random = createRandom(1);
  const hits = (perTenThousand: number): number =>
    Array.from({ length: 10_000 }, () => random.chance(perTenThousand)).filter(Boolean).length;
  deepStrictEqual([hits(0), hits(10_000)], [0, 10_000]);
  ok(Math.abs(hits(5_000) - 5_000) < 300);
});

test('each of the choices is made', () => {
  const random = createRandom(1);
  const made = new Set(Array.from({ length: 100 }, () => random.oneOf(['a', 'b', 'c'])));
  deepStrictEqual([...made].sort(), ['a', 'b', 'c']);
});
