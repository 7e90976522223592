import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate } from '../../../../../cli/redrive/candidate.ts';
import { settledBatch } from '../../../../../cli/redrive/sources/settled-batch.ts';

const record = (name: string): Candidate => ({
  name,
  place: null,
  found: { outcome: 'gone', detail: '' },
  why: '',
  tries: 0,
});
const batch = async function* (records: number): AsyncGenerator<Candidate> {
  for (let one = 0; one < records; one += 1) yield record(`${one}`);
};

/** Takes some records of a batch, and settles them as they come or, from the last to the first, at the end. */
const settle = async (
  records: number,
  { fine = [] as readonly boolean[], when = 'as they come' as 'as they come' | 'at the end' },
): Promise<boolean[]> => {
  const finished: boolean[] = [];
  const taken: Candidate[] = [];
  for await (const one of settledBatch(batch(records), (isFine) => finished.push(isFine))) {
    if (taken.length === fine.length) break;
    taken.push(one);
    if (when === 'as they come') one.settle?.(fine[taken.length - 1] ?? false);
  }
  if (when === 'at the end')
    for (const [index, one] of [...taken.entries()].toReversed())
      one.settle?.(fine[index] ?? false);
  return finished;
};

test('a batch is finished once, when all of its records are read and settled', async () => {
  for (const when of ['as they come', 'at the end'] as const)
    deepStrictEqual(await settle(3, { fine: [true, true, true], when }), [true], when);
});

test('a batch with a record of which something is left to be done is not finished as done', async () => {
  for (const when of ['as they come', 'at the end'] as const)
    deepStrictEqual(await settle(3, { fine: [true, false, true], when }), [false], when);
});

test('a batch of which not all records are taken is not finished', async () => {
  for (const when of ['as they come', 'at the end'] as const)
    deepStrictEqual(await settle(3, { fine: [true, true], when }), [], when);
});

test('a batch without records has nothing left to be done', async () => {
  deepStrictEqual(await settle(0, {}), [true]);
});
