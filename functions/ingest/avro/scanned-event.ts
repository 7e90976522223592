import type { PackedEvent } from '../packed-event.ts';
import type { UserEvent } from '../user-event.ts';
import { uuidLength, writeWord } from '../uuid-bytes.ts';

/** Where the fields of an event lie in the bytes of its Avro value. One serves all: what is kept of it is copied. */
export class Places {
  /** Of the texts' first bytes, behind their lengths. */
  userId = 0;
  type = 0;
  typeLength = 0;
  eventId = 0;
  /** Of the first entry of the map's one block. */
  entries = 0;
  count = 0;
  /** Bytes of the entries in Avro without their lengths. */
  textLength = 0;
  /** The uuids, as `readUuid` takes them. */
  readonly userWords = new Int32Array(4);
  readonly eventWords = new Int32Array(4);
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
  readonly #event0: number;
  readonly #event1: number;
  readonly #event2: number;
  readonly #event3: number;
  readonly user0: number;
  readonly user1: number;
  readonly user2: number;
  readonly user3: number;
  readonly eventTime: number;
  readonly typeLength: number;
  readonly entries: number;
  readonly entriesLength: number;

  constructor(value: Buffer, eventTime: number, places: Places) {
    this.#value = value;
    this.#userId = places.userId;
    this.#type = places.type;
    this.#eventId = places.eventId;
    this.#entries = places.entries;
    const { userWords, eventWords } = places;
    this.#event0 = eventWords[0] as number;
    this.#event1 = eventWords[1] as number;
    this.#event2 = eventWords[2] as number;
    this.#event3 = eventWords[3] as number;
    this.user0 = userWords[0] as number;
    this.user1 = userWords[1] as number;
    this.user2 = userWords[2] as number;
    this.user3 = userWords[3] as number;
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
    const value = this.#value;
    let at = this.#entries;
    const text = (): string => {
      at = readLength(value, at) + length;
      return value.toString('utf8', at - length, at);
    };
    const entries = new Map<string, string>();
    for (let entry = 0; entry < this.entries; entry += 1) {
      const key = text();
      entries.set(key, text());
    }
    return entries;
  }

  writeType(into: Buffer, at: number): void {
    copy(this.#value, this.#type, this.typeLength, into, at);
  }

  writeEventId(into: Buffer, at: number): void {
    let position = writeWord(into, at, this.#event0);
    position = writeWord(into, position, this.#event1);
    position = writeWord(into, position, this.#event2);
    writeWord(into, position, this.#event3);
  }

  writeEntries(into: Buffer, start: number): void {
    const value = this.#value;
    let from = this.#entries;
    let to = start;
    for (let texts = 2 * this.entries; texts > 0; texts -= 1) {
      from = readLength(value, from);
      to = writeWord(into, to, length);
      copy(value, from, length, into, to);
      from += length;
      to += length;
    }
  }

  #uuid(start: number): string {
    return this.#value.toString('latin1', start, start + uuidLength).toLowerCase();
  }
}

/** Bytes of the text that `readLength` came to. */
let length = 0;

/** Reads the length of a text, which has been checked. @returns where the text begins. */
const readLength = (value: Buffer, start: number): number => {
  let at = start;
  let byte = value[at] as number;
  let zigzag = byte & 0x7f;
  for (let shift = 7; byte >= 0x80; shift += 7) {
    at += 1;
    byte = value[at] as number;
    zigzag |= (byte & 0x7f) << shift;
  }
  length = zigzag >>> 1;
  return at + 1;
};

const copy = (from: Buffer, start: number, length: number, into: Buffer, at: number): void => {
  if (length > short) from.copy(into, at, start, start + length);
  else
    for (let index = 0; index < length; index += 1)
      into[at + index] = from[start + index] as number;
};
