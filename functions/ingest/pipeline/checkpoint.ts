import type { MaxEventTime } from './watermark.ts';

/** The position of a topic-partition: every record below `nextOffset` that was delivered is handled. */
export interface Checkpoint {
  readonly nextOffset: number;
  readonly maxEventTime: MaxEventTime;
  /**
   * The newest checkpoints before this one, offset → maximum on reaching it, in rising order, so that a redelivered
   * batch is judged as it was the first time. Those that had no maximum yet are left out: none is found, none is meant.
   */
  readonly earlier: ReadonlyMap<number, number>;
}

/** Eight batches back is further than a retry, a bisect or a rebalance redelivers. */
const keptEarlier = 8;

/**
 * The maximum that a batch beginning at `offset` is judged from: the newest known at or before it. None so early
 * (a rewind, a recreated topic) means none at all: a lower maximum only makes fewer records late.
 */
export const maxEventTimeAt = (checkpoint: Checkpoint | null, offset: number): MaxEventTime => {
  if (checkpoint === null) return null;
  if (offset >= checkpoint.nextOffset) return checkpoint.maxEventTime;
  let found: MaxEventTime = null;
  for (const [reached, max] of checkpoint.earlier) if (reached <= offset) found = max;
  return found;
};

/**
 * The checkpoint after a batch beginning at `firstOffset` was handled up to `nextOffset`. What an earlier delivery
 * reached beyond `firstOffset` is forgotten: it belongs to another course of events.
 */
export const advance = (
  checkpoint: Checkpoint | null,
  firstOffset: number,
  nextOffset: number,
  maxEventTime: MaxEventTime,
): Checkpoint => {
  const reached = checkpoint === null ? [] : [...checkpoint.earlier];
  if (checkpoint !== null && checkpoint.maxEventTime !== null)
    reached.push([checkpoint.nextOffset, checkpoint.maxEventTime]);
  const earlier = reached.filter(([offset]) => offset <= firstOffset).slice(-keptEarlier);
  return { nextOffset, maxEventTime, earlier: new Map(earlier) };
};
