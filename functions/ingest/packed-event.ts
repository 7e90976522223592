import type { UserEvent } from './user-event.ts';
import { writeUuid } from './uuid-bytes.ts';

/** What of an event is text, as bytes that are written where they are needed; numbers are big-endian. */
export interface PackedEvent {
  /** Bytes of `event_type` in UTF-8. */
  readonly typeLength: number;
  /** Entries of the metadata. */
  readonly entries: number;
  /** Bytes of all entries, as `writeEntries` writes them. */
  readonly entriesLength: number;
  /** Sixteen bytes. */
  writeUserId(into: Buffer, at: number): void;
  writeType(into: Buffer, at: number): void;
  /** Sixteen bytes. */
  writeEventId(into: Buffer, at: number): void;
  /** Each key, then its value, each after its length in four bytes. */
  writeEntries(into: Buffer, at: number): void;
}

/** Of an event that is not packed: its texts are encoded. */
export class PackedFields implements PackedEvent {
  readonly event: UserEvent;
  readonly typeLength: number;
  readonly entriesLength: number;

  constructor(event: UserEvent) {
    this.event = event;
    this.typeLength = Buffer.byteLength(event.eventType);
    let length = 0;
    for (const [key, value] of event.metadata)
      length += 4 + Buffer.byteLength(key) + 4 + Buffer.byteLength(value);
    this.entriesLength = length;
  }

  get entries(): number {
    return this.event.metadata.size;
  }

  writeUserId(into: Buffer, at: number): void {
    writeUuid(this.event.userId, into, at);
  }

  writeType(into: Buffer, at: number): void {
    into.write(this.event.eventType, at);
  }

  writeEventId(into: Buffer, at: number): void {
    writeUuid(this.event.eventId, into, at);
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
