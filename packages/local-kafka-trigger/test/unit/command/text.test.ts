import { strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { batchText, givenUpText, jsonText } from '../../../src/command/text.ts';
import type { BatchReport } from '../../../src/mapping/options.ts';

const report = (given: Partial<BatchReport>, toRetry = 0): BatchReport => ({
  attempt: 1,
  records: 2,
  retried: 0,
  eventBytes: 1,
  durationMs: 12.4,
  judgement: { kind: 'success' },
  partitions: [{ identifier: 't-0', firstOffset: 5, lastOffset: 6, records: 2, toRetry }],
  ...given,
});

for (const [one, text] of [
  [report({}), 'BATCH t-0 5–6: 2 records, 12 ms: done'],
  [
    report({ attempt: 3, judgement: { kind: 'whole', why: 'E: no' } }, 2),
    'BATCH t-0 5–6: 2 records, attempt 3, 12 ms: failed (E: no), 2 again',
  ],
  [
    report({ records: 1, judgement: { kind: 'partial', failed: new Map() } }),
    'BATCH t-0 5–6: 1 record, 12 ms: failed in part, given up',
  ],
] as const)
  test(`an invocation is one line: ${text}`, () => {
    strictEqual(batchText(one), text);
  });

test('what is given up is said to be kept, or lost', () => {
  const given = { condition: 'RecordAgeExceeded', records: 3, partitions: [] } as const;
  strictEqual(
    givenUpText({ ...given, kept: true }),
    'GIVEN UP (RecordAgeExceeded): 3 records, kept by the destination',
  );
  strictEqual(
    givenUpText({ ...given, kept: false }),
    'GIVEN UP (RecordAgeExceeded): 3 records, LOST',
  );
});

// A line said {"kind":"partial","failed":{}}.
test('the failed offsets of a partition are in a line of JSON', () => {
  const failed = new Map([['t-0', new Set([5, 6])]]);
  strictEqual(
    jsonText({ type: 'batch', judgement: { kind: 'partial', failed } }),
    '{"type":"batch","judgement":{"kind":"partial","failed":{"t-0":[5,6]}}}',
  );
});
