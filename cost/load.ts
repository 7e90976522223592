import type { Traffic, Workload } from './workload.ts';

/** MB of memory with which a function has one whole core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const mbOfACore = 1769;

/** What one event poller can do: https://docs.aws.amazon.com/lambda/latest/dg/kafka-scaling-modes.html */
export const poller = { bytesPerSecond: 5e6, invocationsAtOnce: 5 };

/** Lambda's limit on an event: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const eventBytes = 6 * 1024 * 1024;

/** The bytes of a record in an event without its value: names, numbers, quotes, and a uuid as its key. */
const recordOverheadBytes = 200;

/** The steady state that a traffic leads to. */
export interface Load {
  readonly pollers: number;
  readonly invocationsPerSecond: number;
  readonly recordsOfABatch: number;
  /** Each of them reads and writes a checkpoint. */
  readonly partitionsOfABatch: number;
  /** From event to response. */
  readonly secondsOfABatch: number;
  /** Invocations at once: environments of the function. */
  readonly concurrency: number;
}

/** Milliseconds that a batch of so many records takes in a function of so much memory, if it waits for its own work. */
export const batchMs = (
  records: number,
  { memoryMb, batchCpuMs, batchWallMs, batchSize }: Workload,
): number => {
  const share = Math.min(1, memoryMb / mbOfACore);
  return (Math.max(batchCpuMs / share, batchWallMs) * records) / batchSize;
};

/** Bytes of a record in an event's JSON. */
export const recordEventBytes = ({ recordBytes }: Workload): number =>
  recordBytes * (4 / 3) + recordOverheadBytes;

/** Records of a batch that is full, by their number or by an event's size. */
export const fullBatch = (workload: Workload): number =>
  Math.min(workload.batchSize, Math.floor(eventBytes / recordEventBytes(workload)));

/**
 * A poller sends a batch when it is full, or when the window is over and there is anything; there are as many pollers as
 * the bytes and the full batches ask for, and never more than partitions.
 */
export const loadOf = ({ eventsPerSecond, partitions }: Traffic, workload: Workload): Load => {
  const { recordBytes, batchingWindowSeconds } = workload;
  const full = fullBatch(workload);
  const fullBatchesOfAPoller = (poller.invocationsAtOnce * 1000) / batchMs(full, workload);
  const wanted = Math.max(
    1,
    Math.ceil((eventsPerSecond * recordBytes * (4 / 3)) / poller.bytesPerSecond),
    Math.ceil(eventsPerSecond / full / fullBatchesOfAPoller),
  );
  const pollers = Math.min(wanted, partitions);
  const invocationsPerSecond = Math.max(
    eventsPerSecond / full,
    Math.min(eventsPerSecond, pollers / Math.max(batchingWindowSeconds, 0.5)),
  );
  const recordsOfABatch = eventsPerSecond / invocationsPerSecond;
  const secondsOfABatch = batchMs(recordsOfABatch, workload) / 1000;
  return {
    pollers,
    invocationsPerSecond,
    recordsOfABatch,
    partitionsOfABatch: Math.min(partitions / pollers, recordsOfABatch),
    secondsOfABatch,
    concurrency: invocationsPerSecond * secondsOfABatch,
  };
};
