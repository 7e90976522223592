import type { PartitionQueue, WaitingRecord } from './batch.ts';

/** A partition from its assignment to this member until its loss; an assignment anew makes a new one. */
export interface AssignedPartition extends PartitionQueue {
  readonly partition: number;
  readonly identifier: string;
  records: WaitingRecord[];
  bufferedBytes: number;
  since: number;
  /** Where the next fetch begins; `null` until the group's offset is known. */
  position: bigint | null;
  /** Every record below is committed. */
  committed: number;
  /** The last fetch brought transaction markers or other offsets that are no records, and nothing else. */
  skipped: boolean;
  /** It has a batch in flight. */
  busy: boolean;
  /** It belongs to another member, or may have meanwhile: nothing of it may be committed any more. */
  lost: boolean;
}

export const assignedPartition = (topic: string, partition: number): AssignedPartition => ({
  partition,
  identifier: `${topic}-${partition}`,
  records: [],
  bufferedBytes: 0,
  since: 0,
  position: null,
  committed: 0,
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

/** Where the partition goes on after what was taken: past the offsets behind it that are no records, too. */
export const nextOffset = ({ records, position }: AssignedPartition): number =>
  records[0]?.offset ?? Number(position);
