import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import avro, { type Schema } from 'avsc';
import { decodeUserEvent } from '../../functions/ingest/avro/decode-user-event.ts';
import { scanUserEvent } from '../../functions/ingest/avro/scan-user-event.ts';
import { EventRows } from '../../functions/ingest/cassandra/event-rows.ts';
import { isRejection, type Rejection, reasons } from '../../functions/ingest/rejection.ts';
import {
  toUserEvent,
  type UserEvent,
  type UserEventFields,
} from '../../functions/ingest/user-event.ts';
import { expectedOf } from '../../local/world/expected.ts';
import schema from '../../schema/user-event.avsc.json' with { type: 'json' };
import type { Fields } from '../support/avro.ts';
import { within } from '../support/within.ts';
import { asFields } from '../support/writers.ts';
import { avscs, ours, withBoundedWork } from './bounded-work.ts';

const plain = avro.Type.forSchema(schema as Schema);

/** A decoded event in plain JavaScript, its uuids as they become. */
const normal = (event: UserEventFields) => ({
  user_id: event.user_id.toLowerCase(),
  event_type: event.event_type,
  event_time: event.event_time,
  event_id: event.event_id.toLowerCase(),
  metadata: event.metadata,
});

/**
 * Law: any bytes are an event or a rejection with a reason, in no more steps than bytes; they are what the reader of
 * `local/world/expected.ts` says, and what avsc alone reads of them where it reads rightly.
 * @returns what became of them.
 */
export const readsLikeTheOthers = (value: Buffer): string => {
  const decoded = withBoundedWork(value.length, ours, () => decodeUserEvent(within(value)));
  const given = 'reason' in decoded ? decoded : toUserEvent(decoded);
  const expected = expectedOf(value);
  if (isRejection(given)) {
    ok(reasons.includes(given.reason) && given.detail.length < 200);
    strictEqual(given.reason, 'reason' in expected ? expected.reason : 'an event');
  } else {
    const { userId, eventType, eventTime, eventId, metadata } = given;
    deepStrictEqual(
      {
        user_id: userId,
        event_type: eventType,
        event_time: eventTime,
        event_id: eventId,
        metadata,
      },
      'event' in expected ? normal(expected.event) : expected.reason,
    );
  }
  agreesWithAvscAlone(value, decoded);
  isScannedAlike(value, given);
  return isRejection(given) ? given.reason : 'event';
};

/** What is scanned is an event for the decoder of all schemas too, with the same fields, and becomes the same bytes of a row. */
const isScannedAlike = (value: Buffer, given: UserEvent | Rejection): void => {
  const framed = Buffer.concat([Buffer.alloc(5), value]);
  for (const [whole, before] of [
    [value, 0],
    [framed, 5],
  ] as const) {
    const span = within(whole);
    const scanned = withBoundedWork(value.length, ours, () =>
      scanUserEvent(span, span.start + before),
    );
    if (scanned === null) continue;
    deepStrictEqual(asFields(scanned), given);
    deepStrictEqual(rowBytes(scanned), rowBytes(given as UserEvent));
  }
};

const rowBytes = (event: UserEvent): Buffer[] => {
  const rows = new EventRows([{ event }], 'day');
  const bytes = Buffer.alloc(rows.bytes(0));
  rows.encode(0, bytes, 0);
  return [bytes, rows.routingKey(0)];
};

const agreesWithAvscAlone = (value: Buffer, given: UserEventFields | Rejection): void => {
  const alone = readByAvscAlone(value);
  if (alone === null) {
    // It throws on times beyond ±2^53.
    ok('reason' in given || Math.abs(given.event_time) >= 2 ** 52, 'avsc alone cannot read it');
    return;
  }
  const metadata = new Map(Object.entries(alone.metadata));
  if ('reason' in given) {
    ok(
      /is not UTF-8|more than 10 bytes/.test(given.detail),
      `avsc alone reads it: ${given.detail}`,
    );
    return;
  }
  const { event_time, metadata: entries, ...rest } = given;
  // It has no place for this key, and the wrong sign for times beyond ±2^52.
  deepStrictEqual(
    { ...rest, metadata: new Map([...entries].filter(([key]) => key !== '__proto__')) },
    { user_id: alone.user_id, event_type: alone.event_type, event_id: alone.event_id, metadata },
  );
  if (Math.abs(event_time) < 2 ** 52) strictEqual(event_time, alone.event_time);
};

const readByAvscAlone = (value: Buffer): Fields | null => {
  try {
    return withBoundedWork(value.length, avscs, () => plain.fromBuffer(value));
  } catch {
    return null;
  }
};
