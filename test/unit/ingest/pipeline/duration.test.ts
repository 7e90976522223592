import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { duration } from '../../../../functions/ingest/pipeline/duration.ts';

for (const [milliseconds, text] of [
  [0, '0 ms'],
  [1, '1 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [3_900, '3 s'],
  [60_000, '1 min'],
  [3_471_792, '57 min 51 s'],
  [3_600_000, '1 h'],
  [90_061_000, '1 d 1 h'],
  [8_640_000_000, '100 d'],
] as const)
  test(`${milliseconds} ms are written as ${text}`, () => {
    strictEqual(duration(milliseconds), text);
  });
