import type { Checkpoint } from '../../functions/ingest/pipeline/checkpoint.ts';

/** The position of a partition when a checkpoint was written. */
interface Place {
  readonly generation: number;
  /** The index in the partition of the first record that the checkpoint does not cover. */
  readonly next: number;
  /** The offset after the last record that it covers. The function identifies the place by it, also in a re-created topic. */
  readonly offset: number;
  /** Whether the checkpoint's maximum must be the true one. */
  readonly exact: boolean;
}

/** A row of partition_watermarks as the world remembers it: its contents, and the places that it must know. */
export interface CheckpointRow extends Place {
  readonly content: Checkpoint;
  /** The earlier places that it must know, the nearest last. */
  readonly earlier: readonly Place[];
  /** The maximum that it may have from a deleted topic of the same name; −∞ for none. */
  readonly foreign: number;
}

/** The number of earlier positions that a checkpoint keeps: docs/decisions/0002-the-checkpoint-keeps-earlier-positions.md */
const kept = 8;

/** The first record of a delivery. */
interface First {
  readonly generation: number;
  readonly index: number;
  readonly offset: number;
}

/** Gives the earlier places that the row after a batch must know. The batch began at `first` and had read `row`. */
export const placesBefore = (
  row: CheckpointRow | null,
  { offset }: Pick<First, 'offset'>,
): readonly Place[] => placesUpTo(row, offset).slice(-kept);

/**
 * Tells whether a delivery that begins at `first`, and has read this row, must know the true maximum: at a partition's beginning,
 * at the row's own position, or at a place that it knows. A rewind between such places is judged by less, and a nearer place of
 * a deleted topic is taken for a place of the new one.
 */
export const mustBeExact = (
  row: CheckpointRow | null,
  { generation, index, offset }: First,
): boolean => {
  if (index === 0) return true;
  const place = placesUpTo(row, offset).at(-1);
  return place?.generation === generation && place.next === index && place.exact;
};

/** Tells whether a delivery goes further back than a row can know, or the row comes after one that did. */
export const isBeyondKept = (
  row: CheckpointRow | null,
  { offset }: Pick<First, 'offset'>,
): boolean =>
  row !== null &&
  (!row.exact || (row.earlier.length === kept && offset < (row.earlier[0]?.offset ?? 0)));

/** Lists the places of a row at or before an offset, in the order of their offsets. */
const placesUpTo = (row: CheckpointRow | null, offset: number): readonly Place[] =>
  row === null ? [] : [...row.earlier, row].filter((place) => place.offset <= offset);
