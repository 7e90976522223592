import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deadlines } from '../../../functions/ingest/deadline.ts';

for (const [remaining, records, checkpoint] of [
  [60_000, 45_000, 56_000],
  [45_000, 30_000, 41_000],
  [9_000, 6_000, 8_000],
] as const)
  test(`with ${remaining} ms left no record’s request begins after ${records} ms, and no checkpoint’s after ${checkpoint} ms`, (t) => {
    let now = 7_000;
    t.mock.method(performance, 'now', () => now);
    const given = deadlines(remaining);
    deepStrictEqual([given.records.left(), given.checkpoint.left()], [records, checkpoint]);
    now += records;
    deepStrictEqual([given.records.left(), given.checkpoint.left()], [0, checkpoint - records]);
  });

test('however long an invocation has, records end before checkpoints and checkpoints before it is killed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 900_000 }), (remaining) => {
      const { records, checkpoint } = deadlines(remaining);
      ok(records.left() < checkpoint.left() && checkpoint.left() < remaining);
    }),
  );
});
