import { deepStrictEqual, doesNotMatch } from 'node:assert/strict';
import { test } from 'node:test';
import { countOutcomes } from '../../../../functions/ingest/observability/counts.ts';
import { batchLine, failureLine } from '../../../../functions/ingest/observability/log-lines.ts';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import type { PartitionResult } from '../../../../functions/ingest/pipeline/outcome.ts';
import { encode } from '../../../support/avro.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, record } from '../../../support/records.ts';

const canary = 'canary-4711';
const effort = { durationMs: 12.345, concurrency: 64 };
const records = [
  record({ offset: 10, value: encode({ metadata: { canary } }), key: Buffer.from(canary) }),
  record({ offset: 11, value: Buffer.from(canary) }),
  record({ offset: 12, value: null }),
  record({ offset: 13, value: null }),
];

test('an invocation’s line counts its outcomes and says where each partition stands', async () => {
  const [result] = await ingestWith(new MemoryStores())([batch(records)]);
  const results = [{ ...(result as PartitionResult), transientFailures: 3 }];
  deepStrictEqual(batchLine(results, countOutcomes(results), effort), {
    level: 'INFO',
    message: 'batch',
    records: 4,
    written: 1,
    future: 0,
    superseded: 0,
    dropped: 0,
    failed: 0,
    rejected: { tombstone: 2, undecodable: 1 },
    durationMs: 12.3,
    transientFailures: 3,
    concurrency: 64,
    partitions: [
      {
        partition: 'events-0',
        first: 10,
        records: 4,
        nextOffset: 14,
        maxEventTime: 1_700_000_000_000,
      },
    ],
  });
});

test('a failure is in it with the first failed record, the error and whether it can pass', async () => {
  const stores = new MemoryStores();
  stores.before = ({ kind }) =>
    kind === 'rejected' ? Promise.reject(new UnavailableError('the store is down')) : undefined;
  const results = await ingestWith(stores)([batch(records)]);
  const { level, failed, partitions } = batchLine(
    results,
    countOutcomes(results),
    effort,
  ) as Record<string, unknown>;
  deepStrictEqual(
    { level, failed, partitions },
    {
      level: 'WARN',
      failed: 3,
      partitions: [
        {
          partition: 'events-0',
          first: 10,
          records: 4,
          nextOffset: 11,
          maxEventTime: 1_700_000_000_000,
          failedFrom: 'events-0@11',
          error: 'UnavailableError',
          reason: 'the store is down',
          retryable: true,
        },
      ],
    },
  );
});

test('no line holds contents of a record', async () => {
  const results = await ingestWith(new MemoryStores())([batch(records)]);
  doesNotMatch(JSON.stringify(batchLine(results, countOutcomes(results), effort)), /canary/);
});

test('an invocation that failed whole says why', () => {
  deepStrictEqual(failureLine(new UnavailableError('down')), {
    level: 'ERROR',
    message: 'the invocation failed; its batch will be delivered again',
    error: 'UnavailableError',
    reason: 'down',
    retryable: true,
  });
});
