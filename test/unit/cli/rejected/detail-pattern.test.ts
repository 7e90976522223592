import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { patternOf } from '../../../../cli/rejected/detail-pattern.ts';
import { duration } from '../../../../functions/ingest/pipeline/duration.ts';

for (const [detail, pattern] of [
  [
    'event_time is 57 min 51 s behind the watermark',
    'event_time is <duration> behind the watermark',
  ],
  ['event_time is 850 ms behind the watermark', 'event_time is <duration> behind the watermark'],
  ['task 20261129-232645-22053c has redriven it', 'task <id> has redriven it'],
  ['the value (3 bytes) is truncated', 'the value (<n> bytes) is truncated'],
  ['schema 7: field 2 (x) is a 12-byte fixed', 'schema <n>: field <n> (x) is a <n>-byte fixed'],
  [
    'the value was written with schema 6F1C2B0E-0d0e-4d57-9a3b-0f7f8c0a9b11, and there is none',
    'the value was written with schema <uuid>, and there is none',
  ],
  ['the server answered 0x2200: column deadbeef01', 'the server answered <hex>: column <hex>'],
  [
    'event_time must be from 0001-01-01T00:00:00.000Z to 9999-12-31T23:59:59.999Z',
    'event_time must be from <time> to <time>',
  ],
  ['the record’s timestamp, -9223372036854776000 ms, is', 'the record’s timestamp, <duration>, is'],
  ['it grows beyond 16,384 bytes', 'it grows beyond <n> bytes'],
  ['no UTF8 in field user_id2 of UserEventV3', 'no UTF8 in field user_id2 of UserEventV3'],
] as const)
  test(`the detail "${detail}" belongs to the group "${pattern}"`, () => {
    strictEqual(patternOf(detail), pattern);
  });

test('every duration that the function writes becomes the same words', () => {
  for (const ms of [1, 999, 1_000, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000, 1e12])
    strictEqual(patternOf(`${duration(ms)} behind`), '<duration> behind');
});
