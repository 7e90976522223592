import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { asTheyCome, inOrder, type Part } from '../../../../cli/tables/several.ts';

/** Makes parts of three values each, and notes how many were under way at most. */
const watchedParts = (count: number) => {
  const seen = { underWay: 0, most: 0, closed: 0 };
  const parts = Array.from(
    { length: count },
    (_, part): Part<string> =>
      async function* () {
        seen.underWay += 1;
        seen.most = Math.max(seen.most, seen.underWay);
        try {
          for (const value of [0, 1, 2]) {
            await new Promise(setImmediate);
            yield `${part}.${value}`;
          }
        } finally {
          seen.underWay -= 1;
          seen.closed += 1;
        }
      },
  );
  return { seen, parts };
};

const every = (count: number): string[] =>
  Array.from({ length: count }, (_, part) => [0, 1, 2].map((value) => `${part}.${value}`)).flat();

test('parts that are read in order give their values in order, and no more of them are under way than allowed', async () => {
  const { seen, parts } = watchedParts(10);
  deepStrictEqual(await Array.fromAsync(inOrder(parts, 4)), every(10));
  deepStrictEqual(seen, { underWay: 0, most: 4, closed: 10 });
});

test('parts that are read as they come give every value once, and no more of them are under way than allowed', async () => {
  const { seen, parts } = watchedParts(10);
  deepStrictEqual((await Array.fromAsync(asTheyCome(parts, 4))).toSorted(), every(10));
  deepStrictEqual(seen, { underWay: 0, most: 4, closed: 10 });
});

for (const read of [inOrder, asTheyCome]) {
  test(`a reader that stops early closes every part that ${read.name} has begun`, async () => {
    const { seen, parts } = watchedParts(10);
    for await (const _ of read(parts, 4)) break;
    strictEqual(seen.underWay, 0);
    strictEqual(seen.closed, 4);
  });

  test(`the error of a part comes out of ${read.name}, and the other parts are closed`, async () => {
    const { seen, parts } = watchedParts(3);
    const broken: Part<string> = async function* () {
      yield 'one';
      throw new Error('it broke');
    };
    await rejects(Array.fromAsync(read([broken, ...parts], 4)), /it broke/);
    strictEqual(seen.underWay, 0);
  });
}
