import { bucketDate, bucketHour } from '../bucket.ts';
import type { Bucket } from '../config.ts';
import { type PackedEvent, PackedFields } from '../packed-event.ts';
import type { UserEvent } from '../user-event.ts';
import { writeWord } from '../uuid-bytes.ts';
import { partitionHash } from './partition-hash.ts';
import { userEventValues } from './user-events.ts';
import type { Row } from './write-batch.ts';

/** The rows of events. */
export const eventRows = (
  given: readonly { readonly event: UserEvent }[],
  bucket: Bucket,
): EventRow[] => {
  const rows: EventRow[] = [];
  for (const { event } of given) rows.push(new EventRow(event, bucket));
  return rows;
};

/**
 * A row of `user_events` as the bytes of a request: what `userEventValues` says, each value after its length, without a buffer
 * for each.
 */
export class EventRow implements Row {
  readonly event: UserEvent;
  readonly packed: PackedEvent;
  readonly bucket: Bucket;
  /** Days since the epoch. */
  readonly date: number;

  constructor(event: UserEvent, bucket: Bucket) {
    this.event = event;
    this.packed = event.packed ?? new PackedFields(event);
    this.bucket = bucket;
    this.date = bucketDate(event.eventTime);
  }

  get columns(): number {
    return this.bucket === 'hour' ? 7 : 6;
  }

  get bytes(): number {
    const { typeLength, entriesLength } = this.packed;
    const hour = this.bucket === 'hour' ? 4 + 1 : 0;
    return 6 * 4 + 16 + 4 + hour + 8 + typeLength + 16 + 4 + entriesLength;
  }

  /** Bytes that Cassandra 5.0 counts for it (test/integration/write-batch.test.ts), and four more. */
  get stored(): number {
    const { typeLength, entries, entriesLength } = this.packed;
    // A cell of the map has 12 bytes of times beside what the request has.
    return 110 + typeLength + entriesLength + 12 * entries;
  }

  get routingKey(): Buffer {
    const { user0, user1, user2, user3 } = this.packed;
    const words = [user0, user1, user2, user3];
    const key = Buffer.alloc(this.bucket === 'hour' ? 30 : 26);
    key[1] = 16;
    let at = 2;
    for (const word of words) at = writeWord(key, at, word);
    // A zero ends each column; this one is the buffer's.
    key[at + 2] = 4;
    at = writeWord(key, at + 3, this.#day);
    if (this.bucket === 'hour') {
      key[at + 2] = 1;
      key[at + 3] = this.#hour;
    }
    return key;
  }

  get values(): Buffer[] {
    return userEventValues(this.event, this.bucket);
  }

  get partitionHash(): number {
    const { user0, user1, user2, user3 } = this.packed;
    return partitionHash(user0, user1, user2, user3, 24 * this.date + this.#hour);
  }

  isBeside({ packed, date, event }: EventRow): boolean {
    const { user0, user1, user2, user3 } = this.packed;
    return (
      packed.user0 === user0 &&
      packed.user1 === user1 &&
      packed.user2 === user2 &&
      packed.user3 === user3 &&
      date === this.date &&
      (this.bucket === 'day' || bucketHour(event.eventTime) === this.#hour)
    );
  }

  encode(into: Buffer, start: number): void {
    const { packed } = this;
    const { eventTime } = this.event;
    const { typeLength, entries, entriesLength } = packed;
    let at = writeWord(into, start, 16);
    at = writeWord(into, at, packed.user0);
    at = writeWord(into, at, packed.user1);
    at = writeWord(into, at, packed.user2);
    at = writeWord(into, at, packed.user3);
    at = writeWord(into, at, 4);
    at = writeWord(into, at, this.#day);
    if (this.bucket === 'hour') {
      at = writeWord(into, at, 1);
      into[at] = this.#hour;
      at += 1;
    }
    at = writeWord(into, at, 8);
    at = writeWord(into, at, Math.floor(eventTime / 2 ** 32));
    at = writeWord(into, at, eventTime | 0);
    at = writeWord(into, at, typeLength);
    packed.writeType(into, at);
    at = writeWord(into, at + typeLength, 16);
    packed.writeEventId(into, at);
    at = writeWord(into, at + 16, 4 + entriesLength);
    at = writeWord(into, at, entries);
    packed.writeEntries(into, at);
  }

  /** As CQL has it, with the epoch in the middle of 32 bits. */
  get #day(): number {
    return (this.date + 2 ** 31) | 0;
  }

  /** Of the day; 0 where partitions are days. */
  get #hour(): number {
    return this.bucket === 'hour' ? bucketHour(this.event.eventTime) : 0;
  }
}
