import { type ByteRange, lengthOf } from '../../bytes/byte-range.ts';
import type { EventLayout } from '../../bytes/event-layout.ts';
import { EventView } from '../../bytes/event-view.ts';
import { writeLength } from '../../bytes/text-length.ts';
import { readUuid, uuidLength } from '../../bytes/uuid-bytes.ts';
import { writeValue } from '../../bytes/write-value.ts';
import { longestKeyText } from '../../event/limits.ts';
import type { Field } from '../../event/plan.ts';
import { isReadable } from '../../event/readable-time.ts';
import { type Rejection, rejected } from '../../event/rejection.ts';
import type { FieldValue } from '../../event/user-event.ts';
import { faultOf } from '../../event/validate.ts';
import { DecodeFailure } from '../decode-failure.ts';
import { minus, zero } from './ascii.ts';
import { isoTime } from './iso-time.ts';
import { JsonScanner, textOf, token } from './json-scanner.ts';

/** The most entries of a map whose keys are compared with each other; larger maps become a Map. */
const mostComparedEntries = 16;

/** The most digits of a whole number that is added up in a double. */
const mostDigits = 15;

/** The bytes that are asked for at once, or as many as a larger event has. */
const chunk = 64 * 1024;

/**
 * Reads values that are the plain JSON of an event. A value is scanned in place, then each field is copied from where it lies into
 * the event. Escapes, numbers with a fraction and other unusual values become objects first.
 */
export class JsonReader {
  readonly #layout: EventLayout;
  readonly #scanner: JsonScanner;
  readonly #slots: readonly number[];
  readonly #time: number;
  #bytes: Buffer = Buffer.alloc(0);
  /** The texts and the maps of many events, one behind the other, and the position behind the last. */
  #into: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(layout: EventLayout) {
    const { plan } = layout;
    this.#layout = layout;
    this.#scanner = new JsonScanner(plan);
    this.#slots = plan.fields.map((field) => layout.slotOf(field));
    this.#time = layout.slotOf(plan.time);
  }

  /** Reads a complete value that begins with an opening brace, or rejects it. Never throws. */
  read(value: ByteRange): EventView | Rejection {
    try {
      this.#scanner.scan(value);
      return this.#toEvent(value);
    } catch (error) {
      const fault = error instanceof DecodeFailure ? error.message : 'is JSON that cannot be read';
      return rejected('undecodable', `the value (${lengthOf(value)} bytes) ${fault}`);
    }
  }

  #toEvent({ bytes }: ByteRange): EventView | Rejection {
    const layout = this.#layout;
    const { fields } = layout.plan;
    const { slots, base } = layout;
    const { size } = this.#scanner;
    if (this.#at + size > this.#into.length) {
      this.#into = Buffer.allocUnsafeSlow(Math.max(chunk, size));
      this.#at = 0;
    }
    this.#bytes = bytes;
    // A field of the wrong type or a missing one throws, also behind a field whose value is not valid.
    let fault: Rejection | null = null;
    for (let index = 0; index < fields.length; index += 1) {
      const slot = base + (this.#slots[index] as number);
      const found = this.#place(fields[index] as Field, index, slots, slot);
      fault ??= found;
    }
    if (fault !== null) return fault;
    layout.keep();
    const time = base + this.#time;
    return new EventView(
      layout,
      this.#into,
      slots,
      base,
      (slots[time + 1] as number) * 2 ** 32 + ((slots[time + 2] as number) >>> 0),
    );
  }

  /** Puts a field's value into the event. @returns the fault of the value; null where it has none. */
  #place(field: Field, index: number, slots: Int32Array, slot: number): Rejection | null {
    const { tokens } = this.#scanner;
    const kind = tokens[3 * index] as number;
    const start = tokens[3 * index + 1] as number;
    const end = tokens[3 * index + 2] as number;
    if (kind === token.absent) {
      if (field.fallback === undefined) throw new DecodeFailure(`is JSON without ${field.name}`);
      const numbers = this.#layout.defaultOf(field);
      for (let at = 0; at < numbers.length; at += 1) slots[slot + at] = numbers[at] as number;
      return null;
    }
    if (this.#isPlaced(field, kind, start, end, slots, slot)) return null;
    const value = this.#valueOf(field, kind, start, end);
    if (isRejection(value)) return value;
    const fault = faultOf(field, value);
    if (fault !== null) return fault;
    this.#at = writeValue(field.kind, value, { slots, slot, into: this.#into, at: this.#at });
    return null;
  }

  /** Copies a plain value from where it lies. @returns false where the value is not plain, or not valid. */
  #isPlaced(
    { kind, isKey }: Field,
    given: number,
    start: number,
    end: number,
    slots: Int32Array,
    slot: number,
  ): boolean {
    const isText = given === token.text && end >= 0;
    switch (kind) {
      case 'uuid':
        if (!isText || end - start !== uuidLength) return false;
        slots[slot] = 16;
        return readUuid(this.#bytes, start, slots, slot + 1);
      case 'text': {
        if (!isText) return false;
        const length = end - start;
        if (isKey && (length === 0 || length > longestKeyText)) return false;
        slots[slot] = length;
        slots[slot + 1] = this.#at;
        this.#copy(start, end);
        return true;
      }
      case 'time': {
        const time = isText
          ? isoTime(this.#bytes, start, end)
          : this.#wholeNumber(given, start, end);
        if (!isReadable(time)) return false;
        slots[slot] = 8;
        slots[slot + 1] = Math.floor(time / 2 ** 32);
        slots[slot + 2] = time | 0;
        return true;
      }
      case 'map':
        return given === token.entries && this.#isMapPlaced(start, end, slots, slot);
      case 'bigint': {
        const number = this.#wholeNumber(given, start, end);
        if (Number.isNaN(number)) return false;
        slots[slot] = 8;
        slots[slot + 1] = Math.floor(number / 2 ** 32);
        slots[slot + 2] = number | 0;
        return true;
      }
      case 'int': {
        const number = this.#wholeNumber(given, start, end);
        slots[slot] = 4;
        slots[slot + 1] = number;
        return number === (number | 0);
      }
      default:
        return false;
    }
  }

  /** Copies a map of few entries with distinct keys and without escapes, in Avro's encoding. */
  #isMapPlaced(from: number, to: number, slots: Int32Array, slot: number): boolean {
    const { entries } = this.#scanner;
    if (to - from > 4 * mostComparedEntries) return false;
    for (let at = from; at < to; at += 2) if ((entries[at + 1] as number) < 0) return false;
    for (let at = from; at < to; at += 4)
      for (let earlier = from; earlier < at; earlier += 4)
        if (this.#isSame(earlier, at)) return false;
    const begin = this.#at;
    let length = 4;
    for (let at = from; at < to; at += 2) {
      const start = entries[at] as number;
      const end = entries[at + 1] as number;
      this.#at = writeLength(this.#into, this.#at, end - start);
      this.#copy(start, end);
      length += 4 + end - start;
    }
    slots[slot] = length;
    slots[slot + 1] = begin;
    slots[slot + 2] = (to - from) / 4;
    return true;
  }

  #isSame(one: number, other: number): boolean {
    const { entries } = this.#scanner;
    const start = entries[one] as number;
    const otherStart = entries[other] as number;
    const length = (entries[one + 1] as number) - start;
    if ((entries[other + 1] as number) - otherStart !== length) return false;
    for (let at = 0; at < length; at += 1)
      if (this.#bytes[start + at] !== this.#bytes[otherStart + at]) return false;
    return true;
  }

  /** Reads a whole number of few digits; NaN where the token is none. */
  #wholeNumber(given: number, start: number, end: number): number {
    if (given !== token.number) return Number.NaN;
    const bytes = this.#bytes;
    const first = bytes[start] === minus ? start + 1 : start;
    if (end - first > mostDigits) return Number.NaN;
    let number = 0;
    for (let at = first; at < end; at += 1) {
      const digit = (bytes[at] as number) - zero;
      // A dot, a sign and an e are no digits.
      if (digit < 0 || digit > 9) return Number.NaN;
      number = number * 10 + digit;
    }
    // Subtracting turns −0 into 0.
    return first === start ? number : 0 - number;
  }

  #copy(start: number, end: number): void {
    const [from, into] = [this.#bytes, this.#into];
    let to = this.#at;
    this.#at += end - start;
    if (end - start > shortText) from.copy(into, to, start, end);
    else for (let at = start; at < end; at += 1, to += 1) into[to] = from[at] as number;
  }

  /** Makes the value of any token as an object. @throws {DecodeFailure} with a message that completes "the value …". */
  #valueOf(field: Field, given: number, start: number, end: number): FieldValue | Rejection {
    const { kind, name, nullable } = field;
    if (given === token.null) return nullable ? null : new Map();
    if (given === token.entries) return this.#mapOf(field, start, end);
    if (given === token.number) return numberOf(field, this.#bytes.toString('latin1', start, end));
    if (given !== token.text) return given === token.true;
    const text = this.#text(start, end);
    switch (kind) {
      case 'time':
        return timeOf(field, text);
      case 'bigint':
        return bigintOf(name, text);
      case 'blob':
        return bytesOf(name, text);
      default:
        return text;
    }
  }

  #mapOf({ name }: Field, from: number, to: number): ReadonlyMap<string, string> {
    const { entries } = this.#scanner;
    const map = new Map<string, string>();
    for (let at = from; at < to; at += 4) {
      const key = this.#text(entries[at] as number, entries[at + 1] as number);
      if (map.has(key)) throw new DecodeFailure(`is JSON whose ${name} has a key twice`);
      map.set(key, this.#text(entries[at + 2] as number, entries[at + 3] as number));
    }
    return map;
  }

  /** Makes a text; an inverted end says that it has escapes. */
  #text(start: number, end: number): string {
    return end < 0 ? textOf(this.#bytes, start, ~end) : this.#bytes.toString('utf8', start, end);
  }
}

/** The bytes up to which a loop copies faster than a call. */
const shortText = 24;

const isRejection = (value: FieldValue | Rejection): value is Rejection =>
  typeof value === 'object' && value !== null && 'reason' in value;

const inDigits = /^-?\d+$/;

/** Reads a number by its JSON, which is valid. */
const numberOf = ({ kind, name }: Field, json: string): FieldValue | Rejection => {
  const number = Number(json);
  if (kind === 'double') {
    if (Number.isFinite(number)) return number;
    throw new DecodeFailure(`is JSON whose ${name} is beyond a double`);
  }
  const isWhole = inDigits.test(json);
  if (kind === 'time')
    return isWhole
      ? number
      : rejected(
          'invalid_event_time',
          `${name} must be a whole number of milliseconds, in digits alone`,
        );
  if (!isWhole)
    throw new DecodeFailure(`is JSON whose ${name} is not a whole number, in digits alone`);
  if (kind === 'int')
    throw new DecodeFailure(`is JSON whose ${name} is not a whole number of 32 bits`);
  // Writers with doubles have rounded such a number before.
  if (!Number.isSafeInteger(number))
    throw new DecodeFailure(
      `is JSON whose ${name} is a number past 2^53: its digits must be in a text`,
    );
  return BigInt(json);
};

const timeOf = ({ name }: Field, text: string): FieldValue | Rejection => {
  const bytes = Buffer.from(text);
  const time = isoTime(bytes, 0, bytes.length);
  return Number.isNaN(time)
    ? rejected(
        'invalid_event_time',
        `${name} must be a time with its time zone, like 2026-03-10T12:00:00.000Z, where it is a text`,
      )
    : time;
};

const bigintOf = (name: string, text: string): bigint => {
  const number = /^-?(0|[1-9]\d{0,18})$/.test(text) ? BigInt(text) : null;
  if (number !== null && BigInt.asIntN(64, number) === number) return number;
  throw new DecodeFailure(`is JSON whose ${name} is not a whole number of 64 bits`);
};

/** Reads base64, or base64 for URLs without padding. Node leaves out what is neither. */
const bytesOf = (name: string, text: string): Buffer => {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') === text || bytes.toString('base64url') === text) return bytes;
  throw new DecodeFailure(`is JSON whose ${name} is not base64`);
};
