import { bucketDate, bucketHour } from '../bucket.ts';
import type { Bucket } from '../config.ts';
import { type PackedEvent, PackedFields } from '../packed-event.ts';
import type { UserEvent } from '../user-event.ts';
import { userEventPartition, userEventValues } from './user-events.ts';
import type { Row } from './write-batch.ts';

/**
 * A row of `user_events` as the bytes of a request: what `userEventValues` says, each value after its length, without a buffer
 * for each.
 */
export class EventRow implements Row {
  readonly event: UserEvent;
  readonly packed: PackedEvent;
  readonly bucket: Bucket;

  constructor(event: UserEvent, bucket: Bucket) {
    this.event = event;
    this.packed = event.packed ?? new PackedFields(event);
    this.bucket = bucket;
  }

  get columns(): number {
    return this.bucket === 'hour' ? 7 : 6;
  }

  get bytes(): number {
    const { typeLength, entriesLength } = this.packed;
    const hour = this.bucket === 'hour' ? 4 + 1 : 0;
    return 6 * 4 + 16 + 4 + hour + 8 + typeLength + 16 + 4 + entriesLength;
  }

  /** Bytes that the server counts for it, at most about so many. */
  get stored(): number {
    const { typeLength, entries, entriesLength } = this.packed;
    // A cell of the map has a timestamp and a path of its own; the rest of a row some 130 bytes.
    return 130 + typeLength + 4 + entriesLength + 16 * entries;
  }

  get routingKey(): Buffer {
    return userEventPartition(this.event, this.bucket);
  }

  get values(): Buffer[] {
    return userEventValues(this.event, this.bucket);
  }

  /** Names its partition. */
  get partition(): string {
    const { userId, eventTime } = this.event;
    const hour = this.bucket === 'hour' ? ` ${bucketHour(eventTime)}` : '';
    return `${userId}${bucketDate(eventTime)}${hour}`;
  }

  encode(into: Buffer, start: number): void {
    const { packed, bucket } = this;
    const { eventTime } = this.event;
    const { typeLength, entries, entriesLength } = packed;
    let at = int(into, start, 16);
    packed.writeUserId(into, at);
    at = int(into, at + 16, 4);
    at = int(into, at, bucketDate(eventTime) + 2 ** 31);
    if (bucket === 'hour') {
      at = int(into, at, 1);
      into[at] = bucketHour(eventTime);
      at += 1;
    }
    at = int(into, at, 8);
    at = int(into, at, Math.floor(eventTime / 2 ** 32));
    at = int(into, at, eventTime);
    at = int(into, at, typeLength);
    packed.writeType(into, at);
    at = int(into, at + typeLength, 16);
    packed.writeEventId(into, at);
    at = int(into, at + 16, 4 + entriesLength);
    at = int(into, at, entries);
    packed.writeEntries(into, at);
  }
}

/** The lowest 32 bits, of a negative number too. */
const int = (into: Buffer, at: number, value: number): number => {
  const bits = value >>> 0;
  into[at] = bits >>> 24;
  into[at + 1] = bits >>> 16;
  into[at + 2] = bits >>> 8;
  into[at + 3] = bits;
  return at + 4;
};
