import { deepStrictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { countOutcomes } from '../../../../functions/ingest/observability/counts.ts';
import { batchMetrics } from '../../../../functions/ingest/observability/metrics.ts';
import { UnavailableError } from '../../../../functions/ingest/pipeline/errors.ts';
import type { PartitionResult } from '../../../../functions/ingest/pipeline/outcome.ts';
import { encode } from '../../../support/avro.ts';
import { ingestWith } from '../../../support/ingest-with.ts';
import { MemoryStores } from '../../../support/memory-stores.ts';
import { batch, record } from '../../../support/records.ts';

const effort = { durationMs: 12.5, concurrency: 8 };
const now = 1_700_000_060_000;
const valuesOf = (results: readonly PartitionResult[]) =>
  Object.fromEntries(
    batchMetrics(
      results.map((result) => ({ ...result, transientFailures: 3 })),
      countOutcomes(results),
      effort,
      now,
    ).map(({ name, values }) => [name, values]),
  );

const time = 1_700_000_000_000;
const event = (offset: number, event_time: number, event_type: string) =>
  record({ offset, value: encode({ event_time, event_type }) });

test('every outcome is counted, and none twice', async () => {
  const results = await ingestWith(new MemoryStores())([
    batch([
      event(10, time, 'click'),
      event(11, time, 'click'),
      event(12, time - 11_000, 'late'),
      record({ offset: 13, value: null }),
      record({ offset: 14, value: Buffer.from('x') }),
      record({ offset: 15, value: null }),
    ]),
  ]);
  const { writesMs, checkpointMs, ...rest } = valuesOf(results);
  deepStrictEqual(rest, {
    records: [6],
    written: [1],
    late: [1],
    broken: [3],
    rejected_tombstone: [2],
    rejected_undecodable: [1],
    failed: [0],
    superseded: [1],
    future: [0],
    transientFailures: [3],
    durationMs: [12.5],
    watermarkLagMs: [60_000],
  });
  // The clock of the tests stands still.
  deepStrictEqual([writesMs, checkpointMs], [[0], [0]]);
});

test('a late event that is only counted is late too', async () => {
  const results = await ingestWith(new MemoryStores(), { lateEvents: 'drop' })([
    batch([event(10, time, 'click'), event(11, time - 11_000, 'late')]),
  ]);
  deepStrictEqual(valuesOf(results)['late'], [1]);
  deepStrictEqual(valuesOf(results)['broken'], [0]);
});

test('each partition has its own times, by the clock that the core is given', async () => {
  let ticks = 4_000_000_000_000;
  const results = await ingestWith(
    new MemoryStores(),
    {},
    {
      now: () => {
        ticks += 5;
        return ticks;
      },
    },
  )([batch([event(10, time, 'click')])]);
  deepStrictEqual(
    results.map(({ took }) => took),
    [{ writes: 5, checkpoint: 10 }],
  );
});

test('a partition of which nothing was handled has no watermark', async () => {
  const stores = new MemoryStores();
  stores.before = () => Promise.reject(new UnavailableError('down'));
  const results = await ingestWith(stores)([batch([event(10, time, 'click')])]);
  deepStrictEqual(valuesOf(results)['watermarkLagMs'], []);
  deepStrictEqual(valuesOf(results)['failed'], [1]);
});
