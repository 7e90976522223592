import type { KafkaRecord } from './record.ts';
import type { Rejection } from './rejection.ts';
import { toUserEvent, type UserEvent, type UserEventFields } from './user-event.ts';

/** Reads the fields of a value that is exactly one `UserEvent`, or says why it is none. Never throws. */
export type Decode = (value: Buffer) => UserEventFields | Rejection;

/** A record's event, valid, or the reason why it has none. */
export const read = ({ value }: KafkaRecord, decode: Decode): UserEvent | Rejection => {
  if (value === null) return { reason: 'tombstone', detail: 'the record has no value' };
  const decoded = decode(value);
  return 'reason' in decoded ? decoded : toUserEvent(decoded);
};
