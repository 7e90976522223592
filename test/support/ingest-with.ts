import { earliestTime, latestTime } from '../../functions/ingest/event/readable-time.ts';
import { type Deadlines, deadlines } from '../../functions/ingest/pipeline/deadlines.ts';
import { createFlowControl } from '../../functions/ingest/pipeline/flow-control.ts';
import { createIngest, type IngestOptions } from '../../functions/ingest/pipeline/ingest.ts';
import type { PartitionBatch } from '../../functions/ingest/pipeline/kafka-record.ts';
import type { PartitionResult } from '../../functions/ingest/pipeline/outcome.ts';
import type { Stores } from '../../functions/ingest/pipeline/stores.ts';
import { decoderWith } from './events.ts';

/** The default settings: ten seconds of out-of-orderness, and a clock after every record of the tests. */
const defaults: IngestOptions['settings'] = {
  outOfOrdernessMs: 10_000,
  latenessRule: 'running',
  maxFutureMs: 300_000,
  earliestEventTime: earliestTime,
  latestEventTime: latestTime,
  lateEvents: 'keep',
};

/** Makes the real core on these stores, with a minute for each invocation unless deadlines are given. */
export const ingestWith = (
  stores: Stores,
  settings: Partial<IngestOptions['settings']> = {},
  options: Partial<Omit<IngestOptions, 'settings' | 'stores'>> = {},
) => {
  const ingest = createIngest({
    settings: { ...defaults, ...settings },
    decoder: decoderWith(),
    stores,
    flow: createFlowControl(8),
    schemaFlow: createFlowControl(8),
    now: () => 4_000_000_000_000,
    ...options,
  });
  return (
    batches: readonly PartitionBatch[],
    given: Deadlines = deadlines(60_000),
  ): Promise<PartitionResult[]> => ingest(batches, given);
};
