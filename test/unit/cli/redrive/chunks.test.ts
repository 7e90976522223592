import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunksOf } from '../../../../cli/redrive/chunks.ts';
import { candidateAt, recordAt } from '../../../support/candidates.ts';

const mebibyte = 1_048_576;

const candidates = async function* (mebibytes: readonly number[]) {
  for (const [offset, size] of mebibytes.entries())
    yield candidateAt(offset, {
      found: recordAt(offset, { value: Buffer.alloc(size * mebibyte) }),
    });
};

const sizesOf = async (mebibytes: readonly number[], most: number): Promise<number[]> =>
  (await Array.fromAsync(chunksOf(candidates(mebibytes), most))).map(({ length }) => length);

test('candidates come in lists of as many as are asked for, and the rest at the end', async () => {
  deepStrictEqual(await sizesOf([0, 0, 0, 0, 0], 2), [2, 2, 1]);
  deepStrictEqual(await sizesOf([], 2), []);
});

test('large records make shorter lists, and one that is larger than a list may be comes alone', async () => {
  deepStrictEqual(await sizesOf([3, 3, 3, 9, 1, 1], 100), [2, 1, 1, 2]);
});

test('no candidate is lost, and their order stays', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (sizes, most) => {
        const chunks = await Array.fromAsync(chunksOf(candidates(sizes), most));
        deepStrictEqual(
          chunks.flat().map(({ name }) => name),
          sizes.map((_, offset) => `clicks/0/${offset}`),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test('a candidate without a record takes no room', async () => {
  const gone = candidateAt(0, { found: { outcome: 'gone', detail: '' } });
  const both = async function* () {
    yield gone;
    yield* candidates([8]);
  };
  deepStrictEqual((await Array.fromAsync(chunksOf(both(), 9))).length, 1);
});
