import type { KafkaConnection } from 'local-kafka-trigger/kafka/connection.ts';
import { offsetsOfTime } from '../kafka/offsets-of-time.ts';
import { topicExtents } from '../kafka/topic-extents.ts';
import type { CheckpointRow } from '../tables/checkpoints.ts';
import type { JudgedBy, PartitionRange } from './findings-file.ts';
import { clockSkewMs, type Maximum, noMaximum, toKnown, unknownMaximum } from './maximum.ts';

/** What is asked for: records by their timestamps, in milliseconds; null for no bound. */
interface Asked {
  readonly from: number | null;
  readonly to: number | null;
}

/** How far a group has come. */
export interface Reached {
  readonly checkpoints: readonly CheckpointRow[];
  /** The offsets that it had committed before the checkpoints were read, by partition. */
  readonly committed: ReadonlyMap<number, bigint>;
}

/** How far before `from` the reading begins, beyond what an event may be ahead of its record: for the maximum to be sure at `from`. */
const moreLeadMs = 180_000;

/** Finds which offsets of each partition are read, which of them are judged, and what is known of the maximum before them. */
export const rangesOf = async (
  connection: KafkaConnection,
  topic: string,
  { from, to }: Asked,
  { checkpoints, committed }: Reached,
  settings: Pick<JudgedBy, 'maxFutureMs'>,
): Promise<PartitionRange[]> => {
  const extents = await topicExtents(connection, topic);
  const at = async (time: number | null) =>
    time === null ? null : await offsetsOfTime(connection, topic, extents.keys(), time);
  const leadTime = from === null ? 0 : from - 2 * settings.maxFutureMs - moreLeadMs;
  const starts = await at(from);
  const leads = from === null ? null : await at(leadTime);
  const earlier = from === null ? null : await at(leadTime - clockSkewMs);
  const ends = await at(to);
  const byPartition = new Map(checkpoints.map((one) => [one.partition, one]));
  return [...extents]
    .toSorted(([one], [other]) => one - other)
    .map(([partition, extent]) => {
      const [begin, logEnd] = [Number(extent.begin), Number(extent.end)];
      /** The first offset of a time; the end where no record is so late. */
      const offsetIn = (found: ReadonlyMap<number, bigint> | null, none: number): number =>
        found === null ? none : Number(found.get(partition) ?? logEnd);
      const start = offsetIn(starts, begin);
      const end = Math.max(start, offsetIn(ends, logEnd));
      const checkpoint = byPartition.get(partition);
      const lead = leadIn({
        begin,
        start,
        earlier: checkpoint?.earlier ?? new Map(),
        byTime: {
          offset: offsetIn(leads, begin),
          // Records that are gone may have had timestamps of up to an hour after the first one that is left.
          bound:
            leadTime +
            settings.maxFutureMs +
            (begin > 0 && offsetIn(earlier, begin) === begin ? clockSkewMs : 0),
        },
      });
      return {
        partition,
        begin,
        logEnd,
        start,
        end,
        leadIn: lead.offset,
        maximum: toKnown(lead.maximum),
        checkpoint: checkpoint === undefined ? null : Number(checkpoint.nextOffset),
        ...(committed.has(partition) && { committed: Number(committed.get(partition)) }),
      };
    });
};

interface LeadInOptions {
  readonly begin: number;
  readonly start: number;
  /** The earlier checkpoints of the group: the maximum on reaching each offset. */
  readonly earlier: ReadonlyMap<bigint, number>;
  /** The offset of a time before `start`, and the bound of the maximum there. */
  readonly byTime: { readonly offset: number; readonly bound: number };
}

/**
 * Finds where the reading begins, and what is known of the maximum there: nothing lies before the first record that ever was; a checkpoint
 * knows it; and before a time all records had earlier timestamps, which an event may be ahead of by MAX_FUTURE_SECONDS alone.
 */
export const leadIn = ({
  begin,
  start,
  earlier,
  byTime,
}: LeadInOptions): { readonly offset: number; readonly maximum: Maximum } => {
  const reached = [...earlier]
    .map(([offset, max]): [number, number] => [Number(offset), max])
    .filter(([offset]) => offset >= begin && offset <= start)
    .sort(([one], [other]) => other - one)[0];
  if (reached !== undefined) {
    const [offset, max] = reached;
    return { offset, maximum: { low: max, high: max } };
  }
  const offset = Math.max(begin, Math.min(start, byTime.offset));
  if (offset > begin)
    return { offset, maximum: { low: Number.NEGATIVE_INFINITY, high: byTime.bound } };
  return { offset: begin, maximum: begin === 0 ? noMaximum : unknownMaximum };
};
