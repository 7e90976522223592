import type { Rejection } from '../event/rejection.ts';
import type { UserEvent } from '../event/user-event.ts';
import type { Delivery } from './delivery.ts';
import type { KafkaRecord } from './kafka-record.ts';

/** Events of one row of `user_events`: the last one decides about the row. */
export class RowGroup {
  /** The record whose event is written. */
  #winner: Delivery;
  /** The records before it, in offset order; null for none, as in most groups. */
  #superseded: Delivery[] | null;

  constructor(winner: Delivery, superseded = none) {
    this.#winner = winner;
    this.#superseded = superseded.length === 0 ? null : [...superseded];
  }

  get winner(): Delivery {
    return this.#winner;
  }

  get superseded(): readonly Delivery[] {
    return this.#superseded ?? none;
  }

  get event(): UserEvent {
    return this.#winner.event as UserEvent;
  }

  /** The offset of the first record: a redelivery of the row begins there. */
  get offset(): number {
    return (this.#superseded?.[0] ?? this.#winner).record.offset;
  }

  /** Takes a later event of the row. */
  add(delivery: Delivery): void {
    if (this.#superseded === null) this.#superseded = [this.#winner];
    else this.#superseded.push(this.#winner);
    this.#winner = delivery;
  }
}

const none: readonly Delivery[] = [];

/** A record that becomes a row of `rejected_events`. */
export class RejectedRow {
  readonly delivery: Delivery;
  /** The offset at which a redelivery of the row begins: that of the record, or of the first of its group. */
  readonly offset: number;

  constructor(delivery: Delivery, offset = delivery.record.offset) {
    this.delivery = delivery;
    this.offset = offset;
  }

  get record(): KafkaRecord {
    return this.delivery.record;
  }

  get rejection(): Rejection {
    return this.delivery.rejection as Rejection;
  }
}

/** The rows that records become, each in offset order of the first record. */
export interface PlannedRows {
  readonly groups: readonly RowGroup[];
  readonly rejected: readonly RejectedRow[];
}

/** Groups judged records by row: two writes of one row never run side by side. */
export const groupByRow = (deliveries: readonly Delivery[]): PlannedRows => {
  const groups: RowGroup[] = [];
  const rejected: RejectedRow[] = [];
  // Most events are alone in their millisecond, and no key is put together for them. The Map has the lowest 32 bits of the time,
  // for it takes longer over numbers that are larger.
  const byTime = new Map<number, RowGroup | Map<string, RowGroup>>();

  for (const delivery of deliveries) {
    if (delivery.rejection !== null) {
      rejected.push(new RejectedRow(delivery));
      continue;
    }
    const event = delivery.event as UserEvent;
    const time = event.eventTime | 0;
    const sameTime = byTime.get(time);
    if (sameTime === undefined) {
      byTime.set(time, begin(delivery, groups));
      continue;
    }
    const byKey = sameTime instanceof Map ? sameTime : new Map([[sameTime.event.rowKey, sameTime]]);
    byTime.set(time, byKey);
    const key = event.rowKey;
    const sameKey = byKey.get(key);
    if (sameKey === undefined) byKey.set(key, begin(delivery, groups));
    else sameKey.add(delivery);
  }
  return { groups, rejected };
};

const begin = (delivery: Delivery, groups: RowGroup[]): RowGroup => {
  const group = new RowGroup(delivery);
  groups.push(group);
  return group;
};
