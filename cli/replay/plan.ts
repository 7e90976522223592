import { maxEventTimeAt } from '../../functions/ingest/pipeline/checkpoint.ts';
import type { Extent } from '../kafka/topic-extents.ts';
import type { CheckpointRow } from '../tables/checkpoints.ts';

/** What a replay finds of a partition. */
interface Found {
  readonly partition: number;
  /** The offset from which the records are wanted again. */
  readonly wanted: bigint;
  readonly extent: Extent;
  /** The offset that the group reads next; null where it has committed none. */
  readonly committed: bigint | null;
  readonly checkpoint: CheckpointRow | null;
}

/** What a replay does in a partition. */
export interface Move {
  readonly partition: number;
  /** The offset that the group is set back to. */
  readonly from: bigint;
  /** The offset that the group reads next before. */
  readonly to: bigint;
  /** The records that are delivered again, at most: compaction and transactions leave offsets without a record. */
  readonly records: bigint;
  /** The records below `from` that were wanted too and are no longer on the topic. */
  readonly gone: bigint;
  /** The largest event time that the first record is judged by; null where it is judged by none, and nothing is late at first. */
  readonly maxEventTime: number | null;
  /** True where the checkpoint is that of the very offset, so that the verdicts are those of the first time. */
  readonly isExact: boolean;
}

/** A partition that a replay leaves as it is, and why. */
export interface Left {
  readonly partition: number;
  readonly why: 'behind' | 'uncommitted';
}

/** Decides what a replay does in each partition. It sets a group back, and never forward: that would skip records. */
export const planReplay = (found: readonly Found[]): { moves: Move[]; left: Left[] } => {
  const moves: Move[] = [];
  const left: Left[] = [];
  for (const { partition, wanted, extent, committed, checkpoint } of found) {
    const isGone = wanted < extent.begin;
    const from = isGone ? extent.begin : wanted;
    if (committed === null) left.push({ partition, why: 'uncommitted' });
    else if (from >= committed) left.push({ partition, why: 'behind' });
    else
      moves.push({
        partition,
        from,
        to: committed,
        records: committed - from,
        gone: from - wanted,
        ...judgedFrom(checkpoint, from),
      });
  }
  return { moves, left };
};

/** Finds what the function will judge the record of an offset by, by the function's own rule. */
const judgedFrom = (
  row: CheckpointRow | null,
  offset: bigint,
): Pick<Move, 'maxEventTime' | 'isExact'> => {
  if (row === null) return { maxEventTime: null, isExact: false };
  const { nextOffset, maxEventTime, earlier } = row;
  const checkpoint = {
    nextOffset: Number(nextOffset),
    maxEventTime,
    earlier: new Map([...earlier].map(([reached, max]) => [Number(reached), max])),
  };
  return {
    maxEventTime: maxEventTimeAt(checkpoint, Number(offset)),
    isExact: earlier.has(offset) || nextOffset === offset,
  };
};
