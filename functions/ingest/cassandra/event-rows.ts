import { bucketDate, bucketHour } from '../bucket.ts';
import type { Bucket } from '../config.ts';
import { type PackedEvent, PackedFields } from '../packed-event.ts';
import type { UserEvent } from '../user-event.ts';
import { writeWord } from '../uuid-bytes.ts';
import { partitionHash } from './partition-hash.ts';
import { userEventValues } from './user-events.ts';
import type { Rows } from './write-batch.ts';

/**
 * Rows of `user_events` as the bytes of a request: what `userEventValues` says, each value after its length, without a buffer
 * for each.
 */
export class EventRows implements Rows {
  readonly #bucket: Bucket;
  readonly #events: readonly UserEvent[];
  readonly #packed: readonly PackedEvent[];

  constructor(given: readonly { readonly event: UserEvent }[], bucket: Bucket) {
    this.#bucket = bucket;
    this.#events = given.map(({ event }) => event);
    this.#packed = this.#events.map((event) => event.packed ?? new PackedFields(event));
  }

  get count(): number {
    return this.#events.length;
  }

  get columns(): number {
    return this.#bucket === 'hour' ? 7 : 6;
  }

  bytes(place: number): number {
    const { typeLength, entriesLength } = this.#packedAt(place);
    const hour = this.#bucket === 'hour' ? 4 + 1 : 0;
    return 6 * 4 + 16 + 4 + hour + 8 + typeLength + 16 + 4 + entriesLength;
  }

  /** Bytes that Cassandra 5.0 counts for it (test/integration/write-batch.test.ts), and four more. */
  stored(place: number): number {
    const { typeLength, entries, entriesLength } = this.#packedAt(place);
    // A cell of the map has 12 bytes of times beside what the request has.
    return 110 + typeLength + entriesLength + 12 * entries;
  }

  routingKey(place: number): Buffer {
    const { user0, user1, user2, user3 } = this.#packedAt(place);
    const { eventTime } = this.#eventAt(place);
    const words = [user0, user1, user2, user3];
    const key = Buffer.alloc(this.#bucket === 'hour' ? 30 : 26);
    key[1] = 16;
    let at = 2;
    for (const word of words) at = writeWord(key, at, word);
    // A zero ends each column; this one is the buffer's.
    key[at + 2] = 4;
    at = writeWord(key, at + 3, dayOf(eventTime));
    if (this.#bucket === 'hour') {
      key[at + 2] = 1;
      key[at + 3] = bucketHour(eventTime);
    }
    return key;
  }

  values(place: number): Buffer[] {
    return userEventValues(this.#eventAt(place), this.#bucket);
  }

  partitionHash(place: number): number {
    const { user0, user1, user2, user3 } = this.#packedAt(place);
    return partitionHash(user0, user1, user2, user3, this.#bucketOf(place));
  }

  areBeside(one: number, other: number): boolean {
    const { user0, user1, user2, user3 } = this.#packedAt(one);
    const packed = this.#packedAt(other);
    return (
      packed.user0 === user0 &&
      packed.user1 === user1 &&
      packed.user2 === user2 &&
      packed.user3 === user3 &&
      this.#bucketOf(one) === this.#bucketOf(other)
    );
  }

  encode(place: number, into: Buffer, start: number): void {
    const packed = this.#packedAt(place);
    const { eventTime } = this.#eventAt(place);
    const { typeLength, entries, entriesLength } = packed;
    let at = writeWord(into, start, 16);
    at = writeWord(into, at, packed.user0);
    at = writeWord(into, at, packed.user1);
    at = writeWord(into, at, packed.user2);
    at = writeWord(into, at, packed.user3);
    at = writeWord(into, at, 4);
    at = writeWord(into, at, dayOf(eventTime));
    if (this.#bucket === 'hour') {
      at = writeWord(into, at, 1);
      into[at] = bucketHour(eventTime);
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

  #eventAt(place: number): UserEvent {
    return this.#events[place] as UserEvent;
  }

  #packedAt(place: number): PackedEvent {
    return this.#packed[place] as PackedEvent;
  }

  /** Days or hours since the epoch: what rows of a user share in one partition. */
  #bucketOf(place: number): number {
    const { eventTime } = this.#eventAt(place);
    const date = bucketDate(eventTime);
    return this.#bucket === 'hour' ? 24 * date + bucketHour(eventTime) : date;
  }
}

/** As CQL has it, with the epoch in the middle of 32 bits. */
const dayOf = (eventTime: number): number => (bucketDate(eventTime) + 2 ** 31) | 0;
