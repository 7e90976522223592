import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { countOutcomes } from '../../../../functions/ingest/observability/counts.ts';
import { TransientError } from '../../../../functions/ingest/pipeline/errors.ts';
import type { Outcome, PartitionResult } from '../../../../functions/ingest/pipeline/outcome.ts';
import { batch, record } from '../../../support/records.ts';

const result = (...outcomes: readonly Outcome[]): PartitionResult =>
  ({ batch: batch([record()]), outcomes }) as unknown as PartitionResult;

test('an invocation without partitions has counts of zero and no reason', () => {
  deepStrictEqual(countOutcomes([]), {
    records: 0,
    written: 0,
    future: 0,
    superseded: 0,
    dropped: 0,
    failed: 0,
    rejected: {},
  });
});

test('the outcomes of all partitions are counted by their kind, rejections by their reason, and future events twice', () => {
  const counts = countOutcomes([
    result(
      { kind: 'written', future: false },
      { kind: 'written', future: true },
      { kind: 'rejected', reason: 'late', detail: '' },
    ),
    result(
      { kind: 'superseded' } as Outcome,
      { kind: 'dropped' } as Outcome,
      { kind: 'failed', error: new TransientError('no') },
      { kind: 'rejected', reason: 'late', detail: '' },
      { kind: 'rejected', reason: 'undecodable', detail: '' },
    ),
  ]);
  deepStrictEqual(counts, {
    records: 8,
    written: 2,
    future: 1,
    superseded: 1,
    dropped: 1,
    failed: 1,
    rejected: { undecodable: 1, late: 2 },
  });
});
