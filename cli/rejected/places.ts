import { topicExtents } from '../kafka/topic-extents.ts';
import { readCheckpoints } from '../tables/checkpoints.ts';
import type { Target } from '../target/target.ts';
import { UserFacingError } from '../terminal/user-facing-error.ts';
import { count } from '../terminal/words.ts';
import type { RejectedFilter } from './filter.ts';

const dayMs = 86_400_000;

/**
 * The days before the first time of rejection whose partitions are read too: a record that was rejected today may have waited in Kafka,
 * which keeps records for a week unless it is told otherwise.
 */
export const usualDaysBefore = 7;

/** The days of the future that are read: for producers whose clocks are fast. */
const daysAhead = 1;

/** A part of `rejected_events`: a topic-partition, on some days. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** Where rejected records are looked for: everywhere, or in the partitions of the table that some days and topic-partitions have. */
export type Where =
  | { readonly kind: 'everywhere' }
  | {
      readonly kind: 'days';
      readonly places: readonly Place[];
      /** The days as `2026-11-29`, in order. */
      readonly days: readonly string[];
    };

interface WhereOptions {
  readonly filter: RejectedFilter;
  /** Reads all of the table. */
  readonly all?: boolean | undefined;
  /** The days that are read before the first time of rejection. */
  readonly daysBefore?: number | undefined;
}

/**
 * Finds the partitions of `rejected_events` that a filter needs. The table's days are those of the records' Kafka timestamps, and a filter's
 * times are those of the rejection, so that some days before them are read too. The topic-partitions are those that have a checkpoint,
 * or else those that Kafka has.
 * @throws {UserFacingError} where no topic-partition is known, or none of those that the filter has.
 */
export const whereOf = async (
  target: Target,
  { filter, all = false, daysBefore = usualDaysBefore }: WhereOptions,
  signal: AbortSignal,
): Promise<Where> => {
  if (all) return { kind: 'everywhere' };
  const now = Date.now();
  const { partitions, since = now - dayMs, until = now } = filter;
  const known = await placesOf(target, filter.topic, signal);
  const places = known.filter(
    ({ partition }) => partitions === undefined || partitions.includes(partition),
  );
  if (places.length === 0 && partitions !== undefined)
    throw new UserFacingError(
      `--partition ${partitions.join(',')}: nothing was handled there. Name one of ${known.map(({ topic, partition }) => `${topic}/${partition}`).join(', ')}, or ` +
        'read the whole table by --all.',
    );
  return {
    kind: 'days',
    places,
    days: daysBetween(since - daysBefore * dayMs, Math.max(until, now) + daysAhead * dayMs),
  };
};

/** Lists the days between two times, both included. */
export const daysBetween = (from: number, to: number): string[] => {
  const first = Math.floor(from / dayMs);
  const days = Math.max(0, Math.floor(to / dayMs) - first + 1);
  return Array.from({ length: days }, (_, day) =>
    new Date((first + day) * dayMs).toISOString().slice(0, 10),
  );
};

const placesOf = async (
  target: Target,
  topic: string | undefined,
  signal: AbortSignal,
): Promise<Place[]> => {
  const wanted = topic ?? target.topic ?? undefined;
  const { keyspace, consumerGroup } = target.settings;
  const client = await target.cassandra();
  const known = await readCheckpoints(client, keyspace, { topic: wanted }, signal);
  const own = known.filter(({ group }) => group === consumerGroup);
  const found = wanted === undefined ? own : known;
  if (found.length > 0) return distinct(found);
  if (wanted === undefined)
    throw new UserFacingError(
      `The group ${consumerGroup} has no checkpoint in ${keyspace}.partition_watermarks, so that its topic is not known: ` +
        'name the topic by --topic, the group by --group, or read the whole table by --all.',
    );
  const extents = await topicExtents(await target.kafka(), wanted);
  return [...extents.keys()].map((partition) => ({ topic: wanted, partition }));
};

const distinct = (places: readonly Place[]): Place[] => [
  ...new Map(
    places.map(({ topic, partition }) => [`${topic}/${partition}`, { topic, partition }]),
  ).values(),
];

/** Says in a sentence what is read, and what is not. */
export const whereText = (where: Where): string => {
  if (where.kind === 'everywhere') return 'The whole of rejected_events is read.';
  const { places, days } = where;
  const topics = [...new Set(places.map(({ topic }) => topic))];
  return (
    `Looked in ${count(places.length * days.length, 'partition')} of rejected_events: ` +
    `${count(places.length, 'partition')} of ${topics.join(', ')}, and the Kafka timestamps from ${days[0]} to ${days.at(-1)}. ` +
    'Records with other timestamps need --all.'
  );
};
