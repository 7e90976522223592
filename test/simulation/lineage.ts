import type { Checkpoint } from '../../functions/ingest/checkpoint.ts';

/** Where a partition stood when a checkpoint was written. */
interface Place {
  readonly generation: number;
  /** The place in the partition of the first record that the checkpoint does not cover. */
  readonly next: number;
  /** Whether its maximum must be the true one. */
  readonly exact: boolean;
}

/** A row of partition_watermarks, as the world remembers it: what it says, and what it must know. */
export interface CheckpointRow extends Place {
  readonly content: Checkpoint;
  /** The places that it must know besides its own, the nearest last. */
  readonly earlier: readonly Place[];
  /** The maximum of another topic of the same name that may be in it; −∞ for none. */
  readonly foreign: number;
}

/** docs/decisions/0002-the-checkpoint-keeps-earlier-positions.md */
const kept = 8;

/** What the row after a batch must know besides its own place, where the batch began at `first` and had read `row`. */
export const placesBefore = (row: CheckpointRow | null, first: number): readonly Place[] =>
  row === null ? [] : [...row.earlier, row].filter(({ next }) => next <= first).slice(-kept);

/**
 * Whether a delivery that begins at `first`, and has read this row, must know the true maximum: at a partition's beginning,
 * where the row stands there, or where it knows the place. A rewind to somewhere between such places is judged by less.
 */
export const mustBeExact = (
  row: CheckpointRow | null,
  generation: number,
  first: number,
): boolean => {
  if (first === 0) return true;
  if (row === null) return false;
  const place = [row, ...row.earlier].find(({ next }) => next === first);
  return place !== undefined && place.generation === generation && place.exact;
};

/** Whether a delivery goes further back than a row can know, or the row comes after one that did. */
export const isBeyondKept = (row: CheckpointRow | null, first: number): boolean =>
  row !== null &&
  (!row.exact || (row.earlier.length === kept && first < (row.earlier[0]?.next ?? 0)));
