import type { Target } from '../target/target.ts';
import { daysBetween, type Place, type Where } from './places.ts';
import { type RejectedSummary, summary } from './row.ts';
import { type Look, selectRejected } from './select.ts';

const [hourMs, dayMs] = [3_600_000, 86_400_000];

/** The days beside the last hour's that are read: a record that was rejected just now is seldom older. */
const [daysBefore, daysAhead] = [1, 1];

/** A look for what was rejected in the last hour. */
interface LastHour extends Look<RejectedSummary> {
  readonly where: Where;
}

/** Looks for what was rejected of some partitions in the last hour, of records whose Kafka timestamps are of these days. */
export const rejectedInLastHour = async (
  target: Target,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<LastHour> => {
  const now = Date.now();
  const since = now - hourMs;
  const days = daysBetween(since - daysBefore * dayMs, now + daysAhead * dayMs);
  const where: Where = { kind: 'days', places, days };
  const look = await selectRejected(
    await target.cassandra(),
    target.settings.keyspace,
    { where, filter: { since }, shape: summary },
    signal,
  );
  return { ...look, where };
};
