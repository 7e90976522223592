import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { expectedOf, onlyEvents, rows } from '../../../bench/peers/day.ts';
import { generate } from '../../../local/dataset/generator.ts';
import { createTruth } from '../../../local/dataset/truth.ts';

test('the peers’ topic holds valid events only, in the schema beside them, whatever fields the product has gained since', () => {
  const truth = createTruth(3, { rows, expectedOf });
  const stream = generate({ seed: 1, partitions: 3, startTime: Date.UTC(2026, 2, 10), step: 12 });
  for (const record of onlyEvents(stream).take(5_000))
    strictEqual(truth.add(record), record.intent.kind);
  const { produced, onTime, rejected } = truth.counts;
  ok(rejected.late > 0);
  strictEqual(onTime + rejected.late, produced);
  deepStrictEqual(rows.columns, [
    'user_id',
    'bucket_date',
    'event_time',
    'event_type',
    'event_id',
    'metadata',
  ]);
});
