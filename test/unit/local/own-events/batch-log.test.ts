import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import type { BatchReport } from 'local-kafka-trigger';
import { createBatchLog, type HandledBatch } from '../../../../local/own-events/batch-log.ts';
import { batchText } from '../../../../local/own-events/batch-text.ts';

const report = (firstOffset: number, given: Partial<BatchReport> = {}): BatchReport => ({
  attempt: 1,
  records: 3,
  retried: 0,
  eventBytes: 10,
  durationMs: 38.4,
  judgement: { kind: 'success' },
  partitions: [
    { identifier: 't-0', firstOffset, lastOffset: firstOffset + 2, records: 3, toRetry: 0 },
  ],
  ...given,
});

const line = (first: number, given: object = {}): string =>
  JSON.stringify({
    message: 'batch',
    ...{ written: 2, superseded: 0, future: 0, dropped: 0, failed: 0, rejected: { late: 1 } },
    partitions: [{ partition: 't-0', first }],
    ...given,
  });

const collect = () => {
  const batches: HandledBatch[] = [];
  const others: string[] = [];
  const log = createBatchLog(
    (batch) => batches.push(batch),
    (text) => others.push(text),
  );
  return { log, batches, others, texts: () => batches.map(batchText) };
};

test('what the function logged of an invocation is told with its offsets, whichever comes first', () => {
  const { log, texts } = collect();
  log.line(line(0));
  log.report(report(0));
  log.report(report(3));
  log.line(line(3));
  deepStrictEqual(texts(), [
    't-0@0–2: 2 written, 1 late; 38 ms',
    't-0@3–5: 2 written, 1 late; 38 ms',
  ]);
});

test('invocations are told in the order of their reports', () => {
  const { log, batches } = collect();
  log.report(report(0));
  log.report(report(3));
  log.line(line(3));
  strictEqual(batches.length, 0);
  log.line(line(0));
  deepStrictEqual(
    batches.flatMap(({ report: { partitions } }) => partitions.map((one) => one.firstOffset)),
    [0, 3],
  );
});

test('an invocation that failed as a whole is told with its reason, and waits for no line', () => {
  const { log, texts } = collect();
  log.report(
    report(0, { judgement: { kind: 'whole', why: 'Sandbox.Timedout: too long' }, attempt: 2 }),
  );
  deepStrictEqual(texts(), [
    't-0@0–2: FAILED as a whole; 38 ms, attempt 2\n  tried again, because Sandbox.Timedout: too long',
  ]);
});

test('the reason of the first failed record is told', () => {
  const { log, texts } = collect();
  log.report(report(0, { judgement: { kind: 'partial', failed: new Map() } }));
  const partitions = [{ partition: 't-0', first: 0, failedFrom: 't-0@1', reason: 'it is down' }];
  log.line(line(0, { written: 1, rejected: {}, failed: 2, partitions }));
  deepStrictEqual(texts(), [
    't-0@0–2: 1 written, 2 FAILED; 38 ms\n  tried again, because t-0@1: it is down',
  ]);
});

test('lines that are not of a batch are passed on', () => {
  const { log, others } = collect();
  log.line('START');
  log.line('{"level":"WARN"}');
  deepStrictEqual(others, ['START', '{"level":"WARN"}']);
});
