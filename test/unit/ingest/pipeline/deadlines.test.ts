import { deepStrictEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deadlines } from '../../../../functions/ingest/pipeline/deadlines.ts';

for (const [remaining, schemas, records, checkpoint] of [
  [60_000, 22_500, 45_000, 55_500],
  [45_000, 15_000, 30_000, 40_500],
  [9_000, 3_000, 6_000, 8_000],
] as const)
  test(`with ${remaining} ms left no request begins after ${schemas} ms for a schema, ${records} ms for a record, ${checkpoint} ms for a checkpoint`, (t) => {
    let now = 7_000;
    t.mock.method(performance, 'now', () => now);
    const given = deadlines(remaining);
    const left = () => [given.schemas, given.records, given.checkpoint].map((one) => one.left());
    deepStrictEqual(left(), [schemas, records, checkpoint]);
    now += records;
    deepStrictEqual(left(), [schemas - records, 0, checkpoint - records]);
  });

test('however long an invocation has, schemas end before records, those before checkpoints, and these before it is killed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 900_000 }), (remaining) => {
      const { schemas, records, checkpoint } = deadlines(remaining);
      ok(
        schemas.left() < records.left() &&
          records.left() < checkpoint.left() &&
          checkpoint.left() < remaining,
      );
    }),
  );
});
