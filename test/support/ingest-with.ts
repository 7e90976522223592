import { decodeUserEvent } from '../../functions/ingest/avro/decode-user-event.ts';
import { createIngest, type Ingest, type IngestOptions } from '../../functions/ingest/ingest.ts';
import type { Stores } from '../../functions/ingest/stores.ts';

/** Ten seconds of out-of-orderness; the clock stands after every record of the tests. */
const defaults: IngestOptions['config'] = {
  outOfOrdernessMs: 10_000,
  latenessRule: 'running',
  maxFutureMs: 300_000,
  lateEvents: 'keep',
  eventIdInKey: false,
};

/** The real core on these stores. */
export const ingestWith = (
  stores: Stores,
  config: Partial<IngestOptions['config']> = {},
  options: Partial<Omit<IngestOptions, 'config' | 'stores'>> = {},
): Ingest =>
  createIngest({
    config: { ...defaults, ...config },
    decode: decodeUserEvent,
    stores,
    concurrency: 8,
    now: () => 4_000_000_000_000,
    ...options,
  });
