import type { Reason } from '../../functions/ingest/event/rejection.ts';
import type { FieldValues } from '../../functions/ingest/event/user-event.ts';
import { Delivery } from '../../functions/ingest/pipeline/delivery.ts';
import { eventOf } from './events.ts';
import { record } from './records.ts';

const t0 = 1_700_000_000_000;

/** The delivery of a record with a valid event: each offset has a row of its own, unless its fields say another. */
export const eventAt = (offset: number, fields: FieldValues = {}): Delivery =>
  new Delivery(record({ offset }), eventOf({ event_time: t0 + offset, ...fields }));

/** Deliveries of events that all have one row. */
export const ofOneRow = (...offsets: readonly number[]): Delivery[] =>
  offsets.map((offset) => eventAt(offset, { event_time: t0 - 1 }));

/** The delivery of a record that becomes no event. */
export const rejectedAt = (offset: number, reason: Reason = 'tombstone'): Delivery =>
  new Delivery(record({ offset, value: null }), {
    kind: 'rejected',
    reason,
    detail: `a record that is ${reason}`,
  });
