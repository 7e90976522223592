import pLimit from 'p-limit';
import { advance, maxEventTimeAt } from './checkpoint.ts';
import type { Config } from './config.ts';
import { IngestError } from './errors.ts';
import { judge } from './judge.ts';
import type { Outcome, PartitionResult } from './outcome.ts';
import { type Decode, read } from './read.ts';
import type { PartitionBatch } from './record.ts';
import { settleAll } from './settle-all.ts';
import type { Stores } from './stores.ts';
import { type Limit, write } from './write.ts';

export interface IngestOptions {
  readonly config: Pick<
    Config,
    'outOfOrdernessMs' | 'latenessRule' | 'maxFutureMs' | 'lateEvents' | 'eventIdInKey'
  >;
  readonly decode: Decode;
  readonly stores: Stores;
  /** How many requests are in flight at once, over all partitions of an invocation. */
  readonly concurrency: number;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
}

/**
 * The story of an invocation: its partitions side by side, each partition's records in offset order.
 * When it settles, nothing of it is in flight.
 * @param outOfTime aborted when no further write may begin.
 */
export type Ingest = (
  batches: readonly PartitionBatch[],
  outOfTime?: AbortSignal,
) => Promise<PartitionResult[]>;

export const createIngest = (options: IngestOptions): Ingest => {
  const { config, decode, stores, concurrency } = options;

  return (batches, outOfTime = new AbortController().signal) => {
    const limit: Limit = pLimit(concurrency);
    const now = options.now();

    const ingestPartition = async (batch: PartitionBatch): Promise<PartitionResult> => {
      const [first] = batch.records;
      const before = await attempt(() => limit(() => stores.readCheckpoint(batch)));
      if (before instanceof IngestError) return nothingHandled(batch, before);

      const start = maxEventTimeAt(before, first.offset);
      const readings = batch.records.map((record) => ({ record, event: read(record, decode) }));
      const verdicts = judge(readings, start, config, now);
      const outcomes = await write(verdicts, { stores, limit, outOfTime, ...config });

      const failed = outcomes.findIndex(({ kind }) => kind === 'failed');
      const last = verdicts[(failed === -1 ? outcomes.length : failed) - 1];
      if (last === undefined)
        return { batch, outcomes, checkpoint: null, startMaxEventTime: start };

      const after = advance(before, first.offset, last.record.offset + 1, last.maxEventTime);
      const written = await attempt(() => limit(() => stores.writeCheckpoint(batch, after)));
      return written instanceof IngestError
        ? nothingHandled(batch, written)
        : { batch, outcomes, checkpoint: after, startMaxEventTime: start };
    };

    return settleAll(batches.map(ingestPartition));
  };
};

/** What an effect gives, or the error of ours that it ended in. Any other error is a bug, and escapes. */
const attempt = async <T>(effect: () => Promise<T>): Promise<T | IngestError> => {
  try {
    return await effect();
  } catch (error) {
    if (error instanceof IngestError) return error;
    throw error;
  }
};

const nothingHandled = (batch: PartitionBatch, error: IngestError): PartitionResult => ({
  batch,
  outcomes: batch.records.map((): Outcome => ({ kind: 'failed', error })),
  checkpoint: null,
  startMaxEventTime: null,
});
