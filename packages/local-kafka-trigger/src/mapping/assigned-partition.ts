import type { BatchLimits, PartitionQueue, WaitingRecord } from './batch.ts';

/** A partition between its assignment to this member and its loss. A new assignment makes a new object. */
export interface AssignedPartition extends PartitionQueue {
  readonly partition: number;
  readonly identifier: string;
  records: WaitingRecord[];
  bufferedBytes: number;
  since: number;
  /** The offset of the next fetch; `null` until the group's offset is known. */
  position: bigint | null;
  /** The offset below which every record is committed. */
  committed: number;
  /** True when the position has passed offsets without records, such as transaction markers, and has not been committed since. */
  skipped: boolean;
  /** True while a batch of the partition is in flight. */
  busy: boolean;
  /** True when the partition belongs to another member, or may have meanwhile: none of its offsets may be committed any more. */
  lost: boolean;
}

export const assignedPartition = (
  topic: string,
  partition: number,
  position: bigint | null = null,
): AssignedPartition => ({
  partition,
  identifier: `${topic}-${partition}`,
  records: [],
  bufferedBytes: 0,
  since: 0,
  position,
  committed: Number(position),
  skipped: false,
  busy: false,
  lost: false,
});

export const append = (
  partition: AssignedPartition,
  records: readonly WaitingRecord[],
  now: number,
): void => {
  if (partition.records.length === 0) partition.since = now;
  for (const record of records) {
    partition.records.push(record);
    partition.bufferedBytes += record.bytes;
  }
};

export const take = (partition: AssignedPartition, count: number): WaitingRecord[] => {
  const taken = partition.records.splice(0, count);
  for (const { bytes } of taken) partition.bufferedBytes -= bytes;
  return taken;
};

/** Tells whether a partition is read further: what waits of it is bounded by two batches, and by the bytes of an event and one fetch. */
export const hasRoom = (
  { records, bufferedBytes }: AssignedPartition,
  { batchSize, payloadBytes }: Pick<BatchLimits, 'batchSize' | 'payloadBytes'>,
): boolean => records.length < 2 * batchSize && bufferedBytes < payloadBytes;

/** Gives the offset after the taken records, and after any following offsets without records. */
export const nextOffset = ({ records, position }: AssignedPartition): number =>
  records[0]?.offset ?? Number(position);
