import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planReplay } from '../../../../cli/replay/plan.ts';
import { maxEventTimeAt } from '../../../../functions/ingest/pipeline/checkpoint.ts';

const row = (
  nextOffset: bigint,
  maxEventTime: number | null,
  earlier: [bigint, number][] = [],
) => ({
  group: 'group',
  topic: 'topic',
  partition: 0,
  nextOffset,
  maxEventTime,
  earlier: new Map(earlier),
  updatedAt: 0,
});
const found = {
  partition: 0,
  wanted: 10n,
  extent: { begin: 0n, end: 100n },
  committed: 50n,
  checkpoint: row(50n, 5_000, [
    [10n, 1_000],
    [30n, 3_000],
  ]),
};

test('a partition is set back to the offset that is wanted, and what lies before the group’s offset comes again', () => {
  deepStrictEqual(planReplay([found]), {
    moves: [
      {
        ...{ partition: 0, from: 10n, to: 50n, records: 40n, gone: 0n },
        ...{ maxEventTime: 1_000, isExact: true },
      },
    ],
    left: [],
  });
});

test('a record between two checkpoints is judged from the one before it', () => {
  const [move] = planReplay([{ ...found, wanted: 29n }]).moves;
  deepStrictEqual([move?.maxEventTime, move?.isExact], [1_000, false]);
});

test('before the oldest checkpoint that is kept, and without one, nothing is late at first', () => {
  for (const given of [
    { ...found, wanted: 9n },
    { ...found, checkpoint: null },
  ])
    deepStrictEqual(planReplay([given]).moves[0]?.maxEventTime, null);
});

test('records that are no longer on the topic are counted, and the replay begins behind them', () => {
  const [move] = planReplay([{ ...found, extent: { begin: 25n, end: 100n } }]).moves;
  deepStrictEqual([move?.from, move?.gone, move?.records], [25n, 15n, 25n]);
});

test('a group is never set forward, nor where it has committed nothing', () => {
  deepStrictEqual(
    planReplay([
      { ...found, wanted: 50n },
      { ...found, partition: 1, wanted: 90n },
      { ...found, partition: 2, committed: null },
      { ...found, partition: 3, extent: { begin: 60n, end: 100n } },
    ]),
    {
      moves: [],
      left: [
        { partition: 0, why: 'behind' },
        { partition: 1, why: 'behind' },
        { partition: 2, why: 'uncommitted' },
        { partition: 3, why: 'behind' },
      ],
    },
  );
});

test('offsets beyond the exact whole numbers of JavaScript are counted exactly', () => {
  const far = 2n ** 60n;
  const [move] = planReplay([
    { ...found, wanted: far + 1n, committed: far + 4n, extent: { begin: 0n, end: far + 9n } },
  ]).moves;
  deepStrictEqual([move?.from, move?.records], [far + 1n, 3n]);
});

test('what a replay says of the watermark is what the function judges by, for any checkpoint and offset', () => {
  const offset = fc.integer({ min: 0, max: 40 });
  const checkpoints = fc.uniqueArray(fc.tuple(offset, fc.integer({ min: 0, max: 9 })), {
    maxLength: 5,
    selector: ([one]) => one,
  });
  fc.assert(
    fc.property(checkpoints, offset, offset, (earlier, nextOffset, wanted) => {
      const sorted = earlier.toSorted(([one], [other]) => one - other);
      const [move] = planReplay([
        {
          ...found,
          wanted: BigInt(wanted),
          checkpoint: row(
            BigInt(nextOffset),
            99,
            sorted.map(([one, max]) => [BigInt(one), max]),
          ),
        },
      ]).moves;
      deepStrictEqual(
        move?.maxEventTime,
        maxEventTimeAt({ nextOffset, maxEventTime: 99, earlier: new Map(sorted) }, wanted),
      );
    }),
  );
});
