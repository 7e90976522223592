import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { HandledBatch } from '../../../../local/own-events/batch-log.ts';
import { batchText, countsText, functionText } from '../../../../local/own-events/batch-text.ts';

const none = { written: 0, superseded: 0, future: 0, dropped: 0, failed: 0, rejected: {} };

test('counts are told without those that are zero', () => {
  strictEqual(countsText(none), 'no records');
  strictEqual(
    countsText({ ...none, written: 1_200, superseded: 2, future: 3, rejected: { undecodable: 1 } }),
    '1,200 written, 2 overwritten by a later event, 1 undecodable (3 of the future)',
  );
});

test('a batch of many partitions is broken into lines of 80 columns', () => {
  const partitions = Array.from({ length: 12 }, (_, partition) => ({
    ...{ identifier: `my-events-${partition}`, firstOffset: 100, lastOffset: 100 },
    ...{ records: 1, toRetry: 0 },
  }));
  const report = {
    ...{ attempt: 1, records: 12, retried: 0, eventBytes: 1, durationMs: 5, partitions },
    judgement: { kind: 'success' },
  } as HandledBatch['report'];
  const lines = batchText({ report, counts: { ...none, written: 12 }, failure: null }).split('\n');
  ok(lines.length > 1);
  deepStrictEqual(
    lines.filter((line) => line.length > 80),
    [],
  );
});

test('the function’s other lines are told by their message and reason', () => {
  strictEqual(
    functionText('{"level":"WARN","message":"it waits","reason":"down"}'),
    'WARN: it waits: down',
  );
  strictEqual(functionText('plain text'), 'plain text');
});
