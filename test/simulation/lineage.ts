import type { Checkpoint } from '../../functions/ingest/pipeline/checkpoint.ts';

/** Where a partition stood when a checkpoint was written. */
interface Place {
  readonly generation: number;
  /** The index in the partition of the first record that the checkpoint does not cover. */
  readonly next: number;
  /** The offset behind the last record that it covers: what the function knows the place by, also in a topic that was made anew. */
  readonly offset: number;
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

/** The first record of a delivery. */
interface First {
  readonly generation: number;
  readonly index: number;
  readonly offset: number;
}

/** What the row after a batch must know besides its own place, where the batch began at `first` and had read `row`. */
export const placesBefore = (
  row: CheckpointRow | null,
  { offset }: Pick<First, 'offset'>,
): readonly Place[] => placesUpTo(row, offset).slice(-kept);

/**
 * Whether a delivery that begins at `first`, and has read this row, must know the true maximum: at a partition's beginning,
 * where the row stands there, or where it knows the place. A rewind to somewhere between such places is judged by less, and a
 * place of a former topic that stands nearer is taken for its own.
 */
export const mustBeExact = (
  row: CheckpointRow | null,
  { generation, index, offset }: First,
): boolean => {
  if (index === 0) return true;
  const place = placesUpTo(row, offset).at(-1);
  return place?.generation === generation && place.next === index && place.exact;
};

/** Whether a delivery goes further back than a row can know, or the row comes after one that did. */
export const isBeyondKept = (
  row: CheckpointRow | null,
  { offset }: Pick<First, 'offset'>,
): boolean =>
  row !== null &&
  (!row.exact || (row.earlier.length === kept && offset < (row.earlier[0]?.offset ?? 0)));

/** The places of a row at or before an offset, in the order of their offsets. */
const placesUpTo = (row: CheckpointRow | null, offset: number): readonly Place[] =>
  row === null ? [] : [...row.earlier, row].filter((place) => place.offset <= offset);
