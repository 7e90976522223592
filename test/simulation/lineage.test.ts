import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { type CheckpointRow, mustBeExact, placesBefore } from './lineage.ts';

const row = (over: Partial<CheckpointRow>): CheckpointRow => ({
  content: { nextOffset: 0, maxEventTime: 0, earlier: new Map() },
  generation: 0,
  next: 0,
  offset: 0,
  exact: true,
  earlier: [],
  foreign: Number.NEGATIVE_INFINITY,
  ...over,
});
/** A row of the re-created topic, which has gaps: its fifth record stands at offset 8. */
const anew = row({ generation: 1, next: 4, offset: 8 });

test('a batch of the former topic keeps a place of the new one only where that place’s offset is not behind it', () => {
  deepStrictEqual(placesBefore(anew, { offset: 5 }), []);
  deepStrictEqual(placesBefore(anew, { offset: 8 }), [anew]);
});

test('a delivery must know the maximum where the place next before it by offset is its own', () => {
  strictEqual(mustBeExact(anew, { generation: 1, index: 4, offset: 8 }), true);
  strictEqual(mustBeExact(anew, { generation: 1, index: 4, offset: 10 }), true);
});

test('a delivery need not know the maximum where a place of the former topic stands nearer than its own', () => {
  const former = row({ next: 9, offset: 9, earlier: [anew] });
  strictEqual(mustBeExact(former, { generation: 1, index: 4, offset: 10 }), false);
});
