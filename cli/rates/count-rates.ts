import { offsetsAt } from '../kafka/offsets-at.ts';
import { whereOf } from '../rejected/places.ts';
import { summary } from '../rejected/row.ts';
import { selectRejected } from '../rejected/select.ts';
import type { Target } from '../target/target.ts';

/** What happened in an interval. */
interface Rate {
  /** The beginning of the interval, in milliseconds. */
  readonly from: number;
  /** The records that the topic got, by their Kafka timestamps; null where Kafka cannot be asked. */
  readonly produced: number | null;
  /** The records that were rejected, by reason and by the time of rejection. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** The intervals of a time, and what of them could not be read. */
export interface Rates {
  readonly rates: readonly Rate[];
  /** Why nothing is known of what was produced; null where it is known. */
  readonly unknown: string | null;
  /** The parts of `rejected_events` that could not be read. */
  readonly unread: number;
}

/**
 * Counts what a topic got and what was rejected of it, by interval.
 * @param from and `to`, in milliseconds.
 * @param every the length of an interval, in milliseconds.
 */
export const countRates = async (
  target: Target,
  topic: string,
  { from, to, every }: { readonly from: number; readonly to: number; readonly every: number },
  signal: AbortSignal,
): Promise<Rates> => {
  const starts = Array.from(
    { length: Math.ceil((to - from) / every) },
    (_, index) => from + index * every,
  );
  const [offsets, unknown] = await producedAt(target, topic, [...starts, to]);
  const rejected = starts.map((): Record<string, number> => ({}));
  const filter = { topic, since: from, until: to - 1 };
  const where = await whereOf(target, { filter }, signal);
  const client = await target.cassandra();
  const selection = { where, filter, shape: summary };
  const look = await selectRejected(client, target.settings.keyspace, selection, signal);
  for await (const { reason, rejectedAt } of look.rows) {
    const counts = rejected[Math.floor(((rejectedAt ?? 0) - from) / every)];
    if (counts !== undefined) counts[reason] = (counts[reason] ?? 0) + 1;
  }
  return {
    rates: starts.map((start, index) => ({
      from: start,
      produced:
        offsets === null ? null : Number((offsets[index + 1] ?? 0n) - (offsets[index] ?? 0n)),
      rejected: rejected[index] ?? {},
    })),
    unknown,
    unread: look.progress.unread.length,
  };
};

const producedAt = async (
  target: Target,
  topic: string,
  times: readonly number[],
): Promise<[bigint[] | null, string | null]> => {
  try {
    return [await offsetsAt(await target.kafka(), topic, times), null];
  } catch (error) {
    return [null, (error as Error).message];
  }
};
