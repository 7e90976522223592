import { Acceptances } from './acceptances.ts';
import { awaitAll } from './await-all.ts';
import { advance, type Checkpoint, maxEventTimeAt } from './checkpoint.ts';
import type { Deadlines } from './deadlines.ts';
import { createBatchDecoder } from './decode-records.ts';
import type { Decoder } from './decoder.ts';
import { IngestError } from './errors.ts';
import type { FlowControl } from './flow-control.ts';
import { judge, type LatenessSettings } from './judge.ts';
import type { PartitionBatch } from './kafka-record.ts';
import { firstFailed, type Outcome, type PartitionResult } from './outcome.ts';
import type { Stores } from './stores.ts';
import type { MaxEventTime } from './watermark.ts';
import { type WriteOptions, writeRows } from './write-rows.ts';

export interface IngestOptions {
  readonly settings: LatenessSettings & Pick<WriteOptions, 'lateEvents'>;
  readonly decoder: Decoder;
  readonly stores: Stores;
  /** Runs every request to the stores, of all partitions of an invocation. */
  readonly flow: FlowControl;
  /** Runs every request for a schema: one that does not come must not slow the stores down. */
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
  const { settings, decoder, schemaFlow, stores } = options;
  const { lateEvents } = settings;
  const acceptances = { userEvents: new Acceptances(), rejected: new Acceptances() };

  return (batches, deadlines) => {
    const now = options.now();

    // The first checkpoint that comes has all batches decoded; the others are on their way meanwhile.
    const batchDecoder = createBatchDecoder(batches, decoder, (awaited) =>
      decoder.fetchSchemas(awaited, schemaFlow, deadlines.schemas),
    );

    const ingestPartition = async (batch: PartitionBatch): Promise<PartitionResult> => {
      const [first] = batch.records;
      const took = { writes: 0, checkpoint: 0 };
      const timed = stopwatch(options.now, took);
      const flow = options.flow.scope();
      const resultOf = (
        outcomes: readonly Outcome[],
        checkpoint: Checkpoint | null,
        startMaxEventTime: MaxEventTime,
      ): PartitionResult => {
        const { transientFailures } = flow;
        return { batch, outcomes, checkpoint, startMaxEventTime, transientFailures, took };
      };
      try {
        const before = await timed('checkpoint', () =>
          flow.request(() => stores.readCheckpoint(batch), deadlines.records),
        );
        const start = maxEventTimeAt(before, first.offset);
        const { ready, blocked } = await batchDecoder.decode(batch);
        judge(ready, start, settings, now);
        await timed('writes', () =>
          writeRows(ready, { stores, flow, deadline: deadlines.records, acceptances, lateEvents }),
        );

        const outcomes = [...ready, ...blocked].map(({ outcome }) => outcome as Outcome);
        const failed = firstFailed(outcomes);
        const last = ready[(failed === -1 ? outcomes.length : failed) - 1];
        if (last === undefined) return resultOf(outcomes, null, start);
        const after = advance(before, first.offset, last.record.offset + 1, last.maxEventTime);
        await timed('checkpoint', () =>
          flow.request(() => stores.writeCheckpoint(batch, after), deadlines.checkpoint),
        );
        return resultOf(outcomes, after, start);
      } catch (error) {
        // A checkpoint that could not be read or written. Any other error is a bug, and escapes.
        if (!(error instanceof IngestError)) throw error;
        const failed: Outcome = { kind: 'failed', error };
        return resultOf(
          batch.records.map(() => failed),
          null,
          null,
        );
      }
    };

    return awaitAll(batches.map(ingestPartition)).finally(batchDecoder.settled);
  };
};

/** Adds the milliseconds that effects take to what they are part of; a clock that is set back counts as none. */
const stopwatch =
  <Part extends string>(now: () => number, took: Record<Part, number>) =>
  async <T>(part: Part, effect: () => Promise<T>): Promise<T> => {
    const began = now();
    try {
      return await effect();
    } finally {
      took[part] += Math.max(0, now() - began);
    }
  };
