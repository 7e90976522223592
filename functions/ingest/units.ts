import type { Verdict } from './judge.ts';
import type { UserEvent } from './user-event.ts';

export type OnTime = Verdict & { readonly kind: 'on-time' };
type Rejected = Verdict & { readonly kind: 'rejected' };

/** One or more. */
export type Several<T> = readonly [T, ...T[]];

/** What is written together: the events of one `user_events` key, or one rejected record; in offset order. */
export type Unit =
  | { readonly kind: 'upsert'; readonly verdicts: Several<OnTime> }
  | { readonly kind: 'reject'; readonly verdicts: readonly [Rejected] };

/** The primary key of an event's row, as text (bucket_date follows from event_time). */
const rowKey = ({ userId, eventTime, eventType, eventId }: UserEvent, withEventId: boolean) =>
  `${userId} ${eventTime} ${withEventId ? eventId : ''} ${eventType}`;

/** Groups verdicts by row, in the order of each unit's first record. Two writes of one key never run side by side. */
export const units = (verdicts: readonly Verdict[], eventIdInKey: boolean): Unit[] => {
  const result: Unit[] = [];
  const byKey = new Map<string, [OnTime, ...OnTime[]]>();
  for (const verdict of verdicts) {
    if (verdict.kind === 'rejected') {
      result.push({ kind: 'reject', verdicts: [verdict] });
      continue;
    }
    const key = rowKey(verdict.event, eventIdInKey);
    const sameKey = byKey.get(key);
    if (sameKey !== undefined) {
      sameKey.push(verdict);
      continue;
    }
    const first: [OnTime, ...OnTime[]] = [verdict];
    byKey.set(key, first);
    result.push({ kind: 'upsert', verdicts: first });
  }
  return result;
};
