import type { Settings } from '../settings/read-settings.ts';
import { Acceptances } from './acceptances.ts';
import { settleAll } from './await-all.ts';
import { advance, maxEventTimeAt } from './checkpoint.ts';
import type { Deadlines } from './deadlines.ts';
import { createBatchReader } from './decode-records.ts';
import type { Decoder } from './decoder.ts';
import { IngestError } from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import { type JudgeSettings, judge } from './judge.ts';
import type { PartitionBatch } from './kafka-record.ts';
import { firstFailed, type Outcome, type PartitionResult } from './outcome.ts';
import type { Stores } from './stores.ts';
import { write } from './write-rows.ts';

export interface IngestOptions {
  readonly config: Pick<Settings, keyof JudgeSettings | 'lateEvents'>;
  readonly decoder: Decoder;
  readonly stores: Stores;
  /** Runs every request to the stores, of all partitions of an invocation. */
  readonly flow: FlowControl;
  /** The same for schemas: one that does not come must not slow the stores down. */
  readonly schemaFlow: FlowControl;
  /** The wall clock, in milliseconds. */
  readonly now: () => number;
}

/**
 * The story of an invocation: its partitions side by side, each partition's records in offset order.
 * When it settles, nothing of it is in flight.
 */
export type Ingest = (
  batches: readonly PartitionBatch[],
  deadlines: Deadlines,
) => Promise<PartitionResult[]>;

export const createIngest = (options: IngestOptions): Ingest => {
  const { config, decoder, schemaFlow, stores, flow } = options;
  const acceptances = { userEvents: new Acceptances(), rejected: new Acceptances() };

  return (batches, deadlines) => {
    const now = options.now();

    // The first checkpoint that comes has all batches read; the others are on their way meanwhile.
    const reader = createBatchReader(batches, decoder, (awaited) =>
      decoder.fetchSchemas(awaited, schemaFlow, deadlines.schemas),
    );

    const ingestPartition = async (batch: PartitionBatch): Promise<PartitionResult> => {
      const [first] = batch.records;
      const clock = stopwatch(options.now);
      const before = await attempt(
        flow.request(() => stores.readCheckpoint(batch), deadlines.records),
      );
      const readMs = clock();
      if (before instanceof IngestError)
        return nothingHandled(batch, before, { writes: 0, checkpoint: readMs });

      const start = maxEventTimeAt(before, first.offset);
      const { readings, waiting } = await reader.read(batch);
      const verdicts = judge(readings, start, config, now);
      clock();
      const done = await write(verdicts, {
        stores,
        flow,
        deadline: deadlines.records,
        acceptances,
        ...config,
      });
      const outcomes = [...done, ...waiting];
      const writes = clock();

      const failed = firstFailed(outcomes);
      const last = verdicts[(failed === -1 ? outcomes.length : failed) - 1];
      if (last === undefined) {
        const took = { writes, checkpoint: readMs };
        return { batch, outcomes, checkpoint: null, startMaxEventTime: start, took };
      }

      const after = advance(before, first.offset, last.record.offset + 1, last.maxEventTime);
      const written = await attempt(
        flow.request(() => stores.writeCheckpoint(batch, after), deadlines.checkpoint),
      );
      const took = { writes, checkpoint: readMs + clock() };
      return written instanceof IngestError
        ? nothingHandled(batch, written, took)
        : { batch, outcomes, checkpoint: after, startMaxEventTime: start, took };
    };

    return settleAll(batches.map(ingestPartition)).finally(reader.settled);
  };
};

/** What an effect gives, or the error of ours that it ended in. Any other error is a bug, and escapes. */
const attempt = async <T>(effect: Promise<T>): Promise<T | IngestError> => {
  try {
    return await effect;
  } catch (error) {
    if (error instanceof IngestError) return error;
    throw error;
  }
};

/** Milliseconds since it was last asked; a clock that is set back counts as none. */
const stopwatch = (now: () => number) => {
  let last = now();
  return (): number => {
    const began = last;
    last = now();
    return Math.max(0, last - began);
  };
};

const nothingHandled = (
  batch: PartitionBatch,
  error: IngestError,
  took: PartitionResult['took'],
): PartitionResult => ({
  batch,
  outcomes: batch.records.map((): Outcome => ({ kind: 'failed', error })),
  checkpoint: null,
  startMaxEventTime: null,
  took,
});
