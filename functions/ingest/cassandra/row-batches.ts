/** How much one unlogged batch may hold. */
export interface BatchLimits {
  readonly rows: number;
  readonly partitions: number;
  /** Bytes as the server counts them, of a batch over several partitions. */
  readonly bytesOverPartitions: number;
  /** The same of a batch of one partition. */
  readonly bytes: number;
}

/**
 * Within what a server warns of by default: 10 partitions (`unlogged_batch_across_partitions_warn_threshold`) and 5 KiB over
 * several (`batch_size_warn_threshold`). A batch of one partition is one mutation, which is not counted; it stays below what fails
 * (50 KiB, `batch_size_fail_threshold`) all the same.
 */
export const cassandraLimits: BatchLimits = {
  rows: 100,
  partitions: 10,
  bytesOverPartitions: 5 * 1024,
  bytes: 48 * 1024,
};

/** Amazon Keyspaces takes 30 statements in an unlogged batch (its page "Quotas"), of any partitions. */
export const keyspacesLimits: BatchLimits = {
  rows: 30,
  partitions: 30,
  bytesOverPartitions: 64 * 1024,
  bytes: 64 * 1024,
};

/** What the limits are about of a row. */
export interface BatchedRow {
  /** Names its partition, among those of one table. */
  readonly partition: string;
  /** Bytes that the server counts for it. */
  readonly stored: number;
}

interface Item {
  readonly row: BatchedRow;
}

/** Rows of one partition, or of a batch, each with its place among all. */
type Placed<T> = readonly [place: number, item: T][];

/**
 * Cuts rows into batches, those of one partition together. The batches are in the order of the first row of each, and so
 * are the rows of a batch.
 */
export const rowBatches = <T extends Item>(items: readonly T[], limits: BatchLimits): T[][] => {
  const partitions = new Map<string, [number, T][]>();
  for (const [place, item] of items.entries()) {
    const key = item.row.partition;
    const partition = partitions.get(key);
    if (partition === undefined) partitions.set(key, [[place, item]]);
    else partition.push([place, item]);
  }
  const pieces = [...partitions.values()].flatMap((partition) => cut(partition, limits));
  return pack(pieces, limits)
    .map((batch) => batch.sort(([one], [other]) => one - other))
    .sort(([[one] = [0]], [[other] = [0]]) => one - other)
    .map((batch) => batch.map(([, item]) => item));
};

const storedBytes = <T extends Item>(rows: Placed<T>): number =>
  rows.reduce((sum, [, { row }]) => sum + row.stored, 0);

/** The rows of one partition in pieces of one batch at most. */
const cut = <T extends Item>(partition: Placed<T>, limits: BatchLimits): [number, T][][] => {
  const pieces: [number, T][][] = [];
  let piece: [number, T][] = [];
  let bytes = 0;
  for (const row of partition) {
    const { stored } = row[1].row;
    if (piece.length === limits.rows || (piece.length > 0 && bytes + stored > limits.bytes)) {
      pieces.push(piece);
      piece = [];
      bytes = 0;
    }
    piece.push(row);
    bytes += stored;
  }
  pieces.push(piece);
  return pieces;
};

/** Pieces one after the other into batches, as many as fit. */
const pack = <T extends Item>(
  pieces: readonly Placed<T>[],
  limits: BatchLimits,
): [number, T][][] => {
  const batches: [number, T][][] = [];
  let batch: [number, T][] = [];
  let count = 0;
  let bytes = 0;
  for (const piece of pieces) {
    const more = storedBytes(piece);
    const fits =
      count < limits.partitions &&
      batch.length + piece.length <= limits.rows &&
      bytes + more <= limits.bytesOverPartitions;
    if (count > 0 && !fits) {
      batches.push(batch);
      batch = [];
      count = 0;
      bytes = 0;
    }
    batch.push(...piece);
    count += 1;
    bytes += more;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
};
