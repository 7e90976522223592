import type { PackedEvent } from '../packed-event.ts';
import type { UserEvent } from '../user-event.ts';
import { copyUuid, uuidLength } from '../uuid-bytes.ts';

/** Where the fields of an event lie in the bytes of its Avro value. */
export interface Places {
  readonly value: Buffer;
  /** Of the texts' first bytes, behind their lengths. */
  readonly userId: number;
  readonly type: number;
  readonly typeLength: number;
  readonly eventId: number;
  /** Of the first entry of the map's one block. */
  readonly entries: number;
  readonly count: number;
  /** Bytes of the entries in Avro, and without their lengths. */
  readonly textLength: number;
}

/** Bytes up to which a loop copies faster than a call. */
const short = 48;

/**
 * An event whose fields stay in the bytes of its Avro value, checked, until they are copied into a request; as texts they are made
 * only where somebody asks.
 */
export class ScannedEvent implements UserEvent, PackedEvent {
  readonly #value: Buffer;
  readonly #userId: number;
  readonly #type: number;
  readonly #eventId: number;
  readonly #entries: number;
  readonly eventTime: number;
  readonly typeLength: number;
  readonly entries: number;
  readonly entriesLength: number;

  constructor(eventTime: number, places: Places) {
    this.#value = places.value;
    this.#userId = places.userId;
    this.#type = places.type;
    this.#eventId = places.eventId;
    this.#entries = places.entries;
    this.eventTime = eventTime;
    this.typeLength = places.typeLength;
    this.entries = places.count;
    this.entriesLength = 8 * places.count + places.textLength;
  }

  get packed(): PackedEvent {
    return this;
  }

  get userId(): string {
    return this.#uuid(this.#userId);
  }

  get eventType(): string {
    return this.#value.toString('utf8', this.#type, this.#type + this.typeLength);
  }

  get eventId(): string {
    return this.#uuid(this.#eventId);
  }

  get metadata(): ReadonlyMap<string, string> {
    const texts: string[] = [];
    this.#eachText((start, length) => {
      texts.push(this.#value.toString('utf8', start, start + length));
    });
    const entries = new Map<string, string>();
    for (let index = 0; index < texts.length; index += 2)
      entries.set(texts[index] as string, texts[index + 1] as string);
    return entries;
  }

  writeUserId(into: Buffer, at: number): void {
    copyUuid(this.#value, this.#userId, into, at);
  }

  writeType(into: Buffer, at: number): void {
    copy(this.#value, this.#type, this.typeLength, into, at);
  }

  writeEventId(into: Buffer, at: number): void {
    copyUuid(this.#value, this.#eventId, into, at);
  }

  writeEntries(into: Buffer, at: number): void {
    let position = at;
    this.#eachText((start, length) => {
      into[position] = length >>> 24;
      into[position + 1] = length >>> 16;
      into[position + 2] = length >>> 8;
      into[position + 3] = length;
      copy(this.#value, start, length, into, position + 4);
      position += 4 + length;
    });
  }

  #uuid(start: number): string {
    return this.#value.toString('latin1', start, start + uuidLength).toLowerCase();
  }

  /** Keys and values, in the order in which they were written; their lengths have been checked. */
  #eachText(visit: (start: number, length: number) => void): void {
    const value = this.#value;
    let at = this.#entries;
    for (let texts = 2 * this.entries; texts > 0; texts -= 1) {
      let zigzag = 0;
      let byte = 0x80;
      for (let shift = 0; byte >= 0x80; shift += 7) {
        byte = value[at] as number;
        zigzag |= (byte & 0x7f) << shift;
        at += 1;
      }
      const length = zigzag >>> 1;
      visit(at, length);
      at += length;
    }
  }
}

const copy = (from: Buffer, start: number, length: number, into: Buffer, at: number): void => {
  if (length > short) from.copy(into, at, start, start + length);
  else
    for (let index = 0; index < length; index += 1)
      into[at + index] = from[start + index] as number;
};
