import type { Rejection } from '../event/rejection.ts';
import type { UserEvent } from '../event/user-event.ts';
import type { Verdict } from './judge.ts';

export type OnTime = Verdict & { readonly kind: 'on-time' };

/** One or more. */
export type Several<T> = readonly [T, ...T[]];

/** The events of one `user_events` key. */
export class Upsert {
  /** Of the record that decides about the row. */
  #last: OnTime;
  /** Of the records before it, in offset order; most keys have none, and no array. */
  #superseded: OnTime[] | null;

  constructor(last: OnTime, superseded = none) {
    this.#last = last;
    this.#superseded = superseded.length === 0 ? null : [...superseded];
  }

  get last(): OnTime {
    return this.#last;
  }

  get superseded(): readonly OnTime[] {
    return this.#superseded ?? none;
  }

  get event(): UserEvent {
    return this.#last.event;
  }

  /** Of its first record. */
  get offset(): number {
    return (this.#superseded?.[0] ?? this.#last).record.offset;
  }

  /** A later event of the key decides about the row. */
  add(verdict: OnTime): void {
    if (this.#superseded === null) this.#superseded = [this.#last];
    else this.#superseded.push(this.#last);
    this.#last = verdict;
  }
}

const none: readonly OnTime[] = [];

/** A record that becomes a row of `rejected_events`. */
export interface Reject extends Pick<Verdict, 'record' | 'place'> {
  readonly rejection: Rejection;
  /** Where a redelivery must begin to bring it again: of the first record of its key. */
  readonly offset: number;
}

/** What verdicts ask to be written, each in offset order of the first record. */
export interface Units {
  readonly upserts: readonly Upsert[];
  readonly rejects: readonly Reject[];
}

/** Groups verdicts by row: two writes of one key never run side by side. */
export const units = (verdicts: readonly Verdict[]): Units => {
  const upserts: Upsert[] = [];
  const rejects: Reject[] = [];
  // Most events are alone in their millisecond, and a key of theirs need not be put together. By its lowest 32 bits: a Map takes
  // longer over numbers that are larger.
  const byTime = new Map<number, Upsert | Map<string, Upsert>>();

  for (const verdict of verdicts) {
    if (verdict.kind === 'rejected') {
      const { record, place, rejection } = verdict;
      rejects.push({ record, place, rejection, offset: record.offset });
      continue;
    }
    const time = verdict.event.eventTime | 0;
    const sameTime = byTime.get(time);
    if (sameTime === undefined) {
      byTime.set(time, begin(verdict, upserts));
      continue;
    }
    const byKey = sameTime instanceof Map ? sameTime : new Map([[sameTime.event.rowKey, sameTime]]);
    byTime.set(time, byKey);
    const key = verdict.event.rowKey;
    const sameKey = byKey.get(key);
    if (sameKey === undefined) byKey.set(key, begin(verdict, upserts));
    else sameKey.add(verdict);
  }
  return { upserts, rejects };
};

const begin = (verdict: OnTime, upserts: Upsert[]): Upsert => {
  const upsert = new Upsert(verdict);
  upserts.push(upsert);
  return upsert;
};
