import type { NonEmptyArray } from '../../pipeline/stores.ts';
import type { Settings } from '../../settings/read-settings.ts';
import { isKeyspaces } from '../connection/client-options.ts';
import type { Rows } from '../rows/rows.ts';
import type { ServerLimits } from './server-limits.ts';

const kibibyte = 1024;

/** How much one unlogged batch may hold. */
export interface BatchLimits {
  readonly rows: number;
  readonly partitions: number;
  /** Bytes as the server counts them, of a batch over several partitions. */
  readonly bytesOverPartitions: number;
  /** Bytes of a batch of one partition; not less. */
  readonly bytes: number;
}

/** The largest batch that is made, however much a server takes. */
const most: ServerLimits = { partitions: 100, bytes: 1024 * kibibyte };

/**
 * The limits of a server that does not tell its own: what Cassandra warns of by default. These are 10 partitions (`unlogged_batch_across_partitions_warn_threshold`) and 5 KiB over
 * several (`batch_size_warn_threshold`). A batch of one partition is one mutation, which is not counted; it stays below what fails
 * (50 KiB, `batch_size_fail_threshold`) all the same.
 */
const cassandraLimits: BatchLimits = {
  rows: 100,
  partitions: 10,
  bytesOverPartitions: 5 * kibibyte,
  bytes: 48 * kibibyte,
};

/** Amazon Keyspaces takes 30 statements in an unlogged batch (its page "Quotas"), of any partitions. */
const keyspacesLimits: BatchLimits = {
  rows: 30,
  partitions: 30,
  bytesOverPartitions: 64 * kibibyte,
  bytes: 64 * kibibyte,
};

/**
 * Finds how much a batch may hold: as the settings say, or else as the server does.
 * @param server what the cluster's nodes take; null where they do not tell.
 */
export const batchLimits = (
  settings: Pick<Settings, 'contactPoints' | 'batchPartitions' | 'batchKibibytes'>,
  server: ServerLimits | null = null,
): BatchLimits => {
  if (isKeyspaces(settings)) return keyspacesLimits;
  const { partitions, bytesOverPartitions } = cassandraLimits;
  const { batchPartitions, batchKibibytes } = settings;
  const bytes =
    batchKibibytes === null
      ? Math.min(server?.bytes ?? bytesOverPartitions, most.bytes)
      : batchKibibytes * kibibyte;
  return {
    ...cassandraLimits,
    partitions: batchPartitions ?? Math.min(server?.partitions ?? partitions, most.partitions),
    bytesOverPartitions: bytes,
    bytes: Math.max(bytes, cassandraLimits.bytes),
  };
};

/** The sizes and the partitions of rows, as far as the limits are about them. */
export type SizedRows = Pick<Rows, 'count' | 'partitionHash' | 'samePartition' | 'mutationBytes'>;

/**
 * Cuts rows into batches, those of one partition together: for each batch the indexes of its rows, in their order, and the batches
 * in the order of the first row of each.
 * @param nodesOf names the nodes that have a row, where that matters. Rows of the same ones go together.
 */
export const rowBatches = (
  rows: SizedRows,
  limits: BatchLimits,
  nodesOf: ((index: number) => string) | null,
): NonEmptyArray<number>[] => {
  const { firsts, next } = partitionsOf(rows);
  if (nodesOf !== null) arrange(firsts, nodesOf);
  /** The number of each row's batch. */
  const batchOf = new Array<number>(rows.count).fill(none);
  let batch = none;
  let held = 0;
  let partitions = 0;
  let bytes = 0;
  for (const first of firsts)
    for (let begin = first; begin !== none; ) {
      // A batch of one partition alone may hold so much of it.
      let end = begin;
      let count = 0;
      let more = 0;
      do {
        count += 1;
        more += rows.mutationBytes(end);
        end = next[end] ?? none;
      } while (
        end !== none &&
        count < limits.rows &&
        more + rows.mutationBytes(end) <= limits.bytes
      );

      const fits =
        partitions < limits.partitions &&
        held + count <= limits.rows &&
        bytes + more <= limits.bytesOverPartitions;
      if (partitions === 0 || !fits) {
        batch += 1;
        held = 0;
        partitions = 0;
        bytes = 0;
      }
      for (let index = begin; index !== end; index = next[index] ?? none) batchOf[index] = batch;
      held += count;
      partitions += 1;
      bytes += more;
      begin = end;
    }
  return gathered(batchOf);
};

/** The indexes of each batch, in their order, and the batches in the order of their first indexes. */
const gathered = (batchOf: readonly number[]): NonEmptyArray<number>[] => {
  const byNumber: [number, ...number[]][] = [];
  const batches: NonEmptyArray<number>[] = [];
  for (let index = 0; index < batchOf.length; index += 1) {
    const number = batchOf[index] as number;
    const batch = byNumber[number];
    if (batch !== undefined) {
      batch.push(index);
      continue;
    }
    const begun: [number] = [index];
    byNumber[number] = begun;
    batches.push(begun);
  }
  return batches;
};

/** Brings the indexes of the same nodes together, and leaves them in their order. */
const arrange = (indexes: number[], nodesOf: (index: number) => string): void => {
  const nodes = new Map(indexes.map((index) => [index, nodesOf(index)]));
  const of = (index: number): string => nodes.get(index) ?? '';
  indexes.sort((one, other) => (of(one) < of(other) ? -1 : of(one) > of(other) ? 1 : 0));
};

/** No index. */
const none = -1;

/** The first row of each partition, in their order, and for each row the next of its partition. */
const partitionsOf = (rows: SizedRows): { firsts: number[]; next: number[] } => {
  const firsts: number[] = [];
  const next = new Array<number>(rows.count).fill(none);
  /** The last row so far of each partition, by its hash, or by the next number that no other partition has. */
  const lasts = new Map<number, number>();
  for (let index = 0; index < rows.count; index += 1) {
    let hash = rows.partitionHash(index);
    let last = lasts.get(hash);
    while (last !== undefined && !rows.samePartition(index, last)) {
      hash = (hash + 1) | 0;
      last = lasts.get(hash);
    }
    if (last === undefined) firsts.push(index);
    else next[last] = index;
    lasts.set(hash, index);
  }
  return { firsts, next };
};
