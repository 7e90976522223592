import type { UserEvent } from './user-event.ts';
import { readUuid, writeWord } from './uuid-bytes.ts';

/** What of an event is text, as numbers and as bytes that are written where they are needed; numbers are big-endian. */
export interface PackedEvent {
  /** `user_id` as four whole numbers of 32 bits, its first digits first. */
  readonly user0: number;
  readonly user1: number;
  readonly user2: number;
  readonly user3: number;
  /** Bytes of `event_type` in UTF-8. */
  readonly typeLength: number;
  /** Entries of the metadata. */
  readonly entries: number;
  /** Bytes of all entries, as `writeEntries` writes them. */
  readonly entriesLength: number;
  writeType(into: Buffer, at: number): void;
  /** Sixteen bytes. */
  writeEventId(into: Buffer, at: number): void;
  /** Each key, then its value, each after its length in four bytes. */
  writeEntries(into: Buffer, at: number): void;
}

/** Of the uuid at hand. */
const words = new Int32Array(4);

/** Of an event that is not packed: its texts are encoded. */
export class PackedFields implements PackedEvent {
  readonly event: UserEvent;
  readonly user0: number;
  readonly user1: number;
  readonly user2: number;
  readonly user3: number;
  readonly typeLength: number;
  readonly entriesLength: number;

  constructor(event: UserEvent) {
    this.event = event;
    readUuid(Buffer.from(event.userId, 'latin1'), 0, words);
    [this.user0 = 0, this.user1 = 0, this.user2 = 0, this.user3 = 0] = words;
    this.typeLength = Buffer.byteLength(event.eventType);
    let length = 0;
    for (const [key, value] of event.metadata)
      length += 4 + Buffer.byteLength(key) + 4 + Buffer.byteLength(value);
    this.entriesLength = length;
  }

  get entries(): number {
    return this.event.metadata.size;
  }

  writeType(into: Buffer, at: number): void {
    into.write(this.event.eventType, at);
  }

  writeEventId(into: Buffer, at: number): void {
    readUuid(Buffer.from(this.event.eventId, 'latin1'), 0, words);
    let position = at;
    for (const word of words) position = writeWord(into, position, word);
  }

  writeEntries(into: Buffer, at: number): void {
    let position = at;
    for (const [key, value] of this.event.metadata)
      position = writeText(value, into, writeText(key, into, position));
  }
}

const writeText = (text: string, into: Buffer, at: number): number => {
  const length = into.write(text, at + 4);
  into.writeUInt32BE(length, at);
  return at + 4 + length;
};
