import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Attribution, lengthOf } from '../../../../cli/verify/attribution.ts';
import type { Finding } from '../../../../cli/verify/findings-file.ts';

const noon = Date.UTC(2026, 10, 29, 12);
const finding = (offset: number, given: Partial<Finding> = {}): Finding => ({
  type: 'finding',
  partition: 0,
  offset,
  timestamp: noon,
  kind: 'missing',
  why: 'no table has it',
  maximum: { low: null, high: null },
  ...given,
});

test('findings of one cause are counted by partition and hour, with the first few and the longest run', () => {
  const attribution = new Attribution();
  for (const offset of [3, 7, 8, 9, 20]) attribution.add(finding(offset));
  attribution.add(finding(8, { partition: 2, timestamp: noon + 3_599_999 }));
  attribution.add(finding(9, { partition: 2, timestamp: noon + 3_600_000 }));
  const [cause, ...others] = attribution.causes();
  deepStrictEqual(others, []);
  strictEqual(cause?.count, 7);
  deepStrictEqual(
    [...(cause?.byPartition ?? [])],
    [
      [0, 5],
      [2, 2],
    ],
  );
  deepStrictEqual(
    [...(cause?.byHour ?? [])],
    [
      ['2026-11-29T12', 6],
      ['2026-11-29T13', 1],
    ],
  );
  deepStrictEqual(cause?.examples, ['0/3', '0/7', '0/8']);
  deepStrictEqual(cause?.longest, { partition: 0, first: 7, last: 9 });
  strictEqual(lengthOf({ partition: 0, first: 7, last: 9 }), 3);
});

test('causes are told apart by kind, reason and what is the same in their details, the most frequent first', () => {
  const attribution = new Attribution();
  attribution.add(finding(1));
  for (const offset of [2, 3])
    attribution.add(
      finding(offset, {
        kind: 'different',
        why: 'it is rejected as late',
        detail: `the watermark 2026-11-29T12:00:0${offset}.000Z was 2026-11-29T12:00:01.000Z at most`,
      }),
    );
  deepStrictEqual(
    attribution.causes().map(({ kind, detail, count }) => [kind, detail, count]),
    [
      ['different', 'the watermark <time> was <time> at most', 2],
      ['missing', '', 1],
    ],
  );
});

test('a record without a timestamp, or with one that is no time, has no hour', () => {
  const attribution = new Attribution();
  for (const timestamp of [-1, 9e15]) attribution.add(finding(1, { timestamp }));
  deepStrictEqual([...(attribution.causes()[0]?.byHour ?? [])], [['no time', 2]]);
});
