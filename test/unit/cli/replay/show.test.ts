import { deepStrictEqual, match } from 'node:assert/strict';
import { test } from 'node:test';
import { sentences } from '../../../../cli/replay/show.ts';

const move = {
  ...{ partition: 0, from: 10n, to: 50n, records: 40n, gone: 0n },
  ...{ maxEventTime: 1_000, isExact: true },
};
const running = { latenessRule: 'running' } as const;

test('a replay from the very checkpoint needs one sentence: how much comes again', () => {
  const said = sentences([move, { ...move, partition: 1 }], [], running);
  deepStrictEqual(said.length, 1);
  match(said[0] ?? '', /^At most 80 records in 2 partitions will be delivered again/);
});

test('a replay before the kept checkpoints says that late events may become rows', () => {
  const said = sentences([{ ...move, maxEventTime: null, isExact: false }], [], running);
  match(
    said[1] ?? '',
    /^In 1 partition no checkpoint so early is kept: nothing is late there until/,
  );
});

test('what is not exact, depends on batches, is gone or stays as it is, is each told', () => {
  const said = sentences(
    [{ ...move, isExact: false, gone: 7n }],
    [
      { partition: 1, why: 'behind' },
      { partition: 2, why: 'uncommitted' },
      { partition: 3, why: 'behind' },
    ],
    { latenessRule: 'batch' },
  );
  deepStrictEqual(
    [
      /^At most 40 records/,
      /^In 1 partition the watermark is that of an earlier checkpoint/,
      /^With LATENESS_RULE batch/,
      /^No longer on the topic: 7 offsets before 10 of partition 0\.$/,
      /the group is there or before: partitions 1, 3\.$/,
      /the group has committed nothing: partitions 2\.$/,
    ].map((pattern, index) => pattern.test(said[index] ?? '')),
    Array.from({ length: 6 }, () => true),
  );
});

test('nothing to set back says only what is left and why', () => {
  deepStrictEqual(sentences([], [{ partition: 1, why: 'behind' }], running).length, 1);
});
