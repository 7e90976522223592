import { partitionBytes } from './kafka-event.ts';

/** A record that waits for delivery, serialized once. */
export interface WaitingRecord {
  readonly offset: number;
  /** The timestamp in milliseconds; −1 where Kafka has none. */
  readonly timestamp: number;
  readonly json: string;
  /** The bytes of `json` in UTF-8. */
  readonly bytes: number;
}

/** The waiting records of a partition without a batch in flight. */
export interface PartitionQueue {
  readonly identifier: string;
  readonly records: readonly WaitingRecord[];
  /** The start of the batching window, in milliseconds. */
  readonly since: number;
}

export interface BatchLimits {
  readonly batchSize: number;
  readonly maxBatchingWindowMs: number;
  readonly payloadBytes: number;
  /** The bytes of an event without any partition. */
  readonly envelopeBytes: number;
}

export type Cut<Queue extends PartitionQueue> =
  | { readonly kind: 'nothing' }
  /** The batching window is open until `dueAt`. */
  | { readonly kind: 'wait'; readonly dueAt: number }
  | { readonly kind: 'batch'; readonly takes: readonly Take<Queue>[] }
  /** The first record of the queue is too large, even alone. */
  | { readonly kind: 'oversized'; readonly queue: Queue };

/** The first `count` records of a queue. */
interface Take<Queue extends PartitionQueue> {
  readonly queue: Queue;
  readonly count: number;
}

/**
 * Cuts the next batch: the records that have waited longest, partition by partition, until another record would pass a limit. The
 * batch is due when it is full or when its window has passed. A partition is emptied before the next one is begun, so that other
 * partitions stay free for concurrent invocations.
 */
export const cutBatch = <Queue extends PartitionQueue>(
  queues: readonly Queue[],
  limits: BatchLimits,
  now: number,
): Cut<Queue> => {
  const waiting = queues
    .filter(({ records }) => records.length > 0)
    .toSorted((a, b) => a.since - b.since);
  const [oldest] = waiting;
  if (oldest === undefined) return { kind: 'nothing' };

  const takes: Take<Queue>[] = [];
  let room = limits.batchSize;
  let bytes = limits.envelopeBytes;
  let full = false;
  for (const queue of waiting) {
    // A comma stands between partitions, as between records.
    const opened = bytes + partitionBytes(queue.identifier) + (takes.length > 0 ? 1 : 0);
    const fits = countFitting(queue.records, room, limits.payloadBytes - opened);
    if (fits.count === 0 && takes.length === 0) {
      return { kind: 'oversized', queue };
    }
    if (fits.count > 0) takes.push({ queue, count: fits.count });
    room -= fits.count;
    bytes = opened + fits.bytes;
    full = room === 0 || fits.count < queue.records.length;
    if (full) break;
  }
  const dueAt = oldest.since + limits.maxBatchingWindowMs;
  return full || now >= dueAt ? { kind: 'batch', takes } : { kind: 'wait', dueAt };
};

const countFitting = (
  records: readonly WaitingRecord[],
  room: number,
  maxBytes: number,
): { readonly count: number; readonly bytes: number } => {
  let count = 0;
  let bytes = 0;
  for (const record of records) {
    const more = bytes + record.bytes + (count > 0 ? 1 : 0);
    if (count === room || more > maxBytes) break;
    count += 1;
    bytes = more;
  }
  return { count, bytes };
};
