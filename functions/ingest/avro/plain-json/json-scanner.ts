import type { ByteRange } from '../../bytes/byte-range.ts';
import { lengthBytes } from '../../bytes/text-length.ts';
import { isUtf8Between } from '../../bytes/utf8.ts';
import type { Kind } from '../../event/kinds.ts';
import type { EventPlan } from '../../event/plan.ts';
import { DecodeFailure } from '../decode-failure.ts';
import {
  backslash,
  closingBrace,
  colon,
  comma,
  dot,
  isDigit,
  letterE,
  letterU,
  minus,
  openingBrace,
  openingBracket,
  plus,
  quote,
  zero,
} from './ascii.ts';

/** The kinds of a field's token. */
export const token = {
  absent: 0,
  text: 1,
  number: 2,
  true: 3,
  false: 4,
  null: 5,
  entries: 6,
} as const;

/** What each kind of value is in JSON; it completes "… is not …". */
const written: { readonly [K in Kind]: string } = {
  uuid: 'a text',
  text: 'a text',
  time: 'a number of milliseconds or a time as text',
  map: 'an object of texts',
  bigint: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  double: 'a number',
  blob: 'a text in base64',
};
const texts: ReadonlySet<Kind> = new Set(['uuid', 'text', 'time', 'bigint', 'blob']);
const numbers: ReadonlySet<Kind> = new Set(['time', 'bigint', 'int', 'double']);

interface ScannedField {
  readonly name: string;
  readonly kind: Kind;
  readonly isText: boolean;
  readonly isNumber: boolean;
  readonly isMap: boolean;
  /** True where an event keeps the bytes of the text. */
  readonly isKept: boolean;
  readonly mayBeNull: boolean;
}

/**
 * Scans the JSON of an event: one object of the plan's fields, by RFC 8259 and within I-JSON (RFC 7493). No key may occur twice, no
 * character may be half a surrogate pair, and nothing may follow the object. A scan looks at each byte a few times, and never
 * goes deeper than the entries of a map. It leaves the places of the values in `tokens` and `entries`.
 */
export class JsonScanner {
  /** The kind, the start and the end of each field's value, in the order of the plan; a text's end is inverted (~) where it has escapes. */
  readonly tokens: Int32Array;
  /** The start and the end of each key and each text of the maps. A map's token has the index of its first entry, and behind its last. */
  entries: number[] = [];
  /** The most bytes that the texts and the maps take in an event. */
  size = 0;
  readonly #fields: readonly ScannedField[];
  /** The names of the fields and their aliases, with the index of the field of each. */
  readonly #names: readonly Buffer[];
  readonly #fieldOf: readonly number[];
  /** The name that is expected next: most values have the same order as the one before. */
  #expected = 0;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** True where the text that was scanned last has an escape. */
  #isEscaped = false;
  /** The bits of all bytes of texts. */
  #bits = 0;

  constructor({ fields }: EventPlan) {
    this.tokens = new Int32Array(3 * fields.length);
    this.#fields = fields.map(({ name, kind, nullable }) => ({
      name,
      kind,
      isText: texts.has(kind),
      isNumber: numbers.has(kind),
      isMap: kind === 'map',
      isKept: kind === 'text' || kind === 'blob',
      // A map that is null has no entries, as in a union of Avro.
      mayBeNull: nullable || kind === 'map',
    }));
    const names = fields.flatMap(({ name, aliases }, field) =>
      [name, ...aliases].map((one) => [Buffer.from(one), field] as const),
    );
    this.#names = names.map(([name]) => name);
    this.#fieldOf = names.map(([, field]) => field);
  }

  /**
   * Scans a value.
   * @param value begins with an opening brace.
   * @throws {DecodeFailure} with a message that completes "the value …".
   */
  scan({ bytes, start, end }: ByteRange): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#bits = 0;
    this.size = 0;
    this.tokens.fill(token.absent);
    // The entries of a huge map are let go.
    if (this.entries.length > 4_096) this.entries = [];
    this.entries.length = 0;

    let at = this.#behindSpace(start + 1);
    if (this.#byte(at) === closingBrace) at += 1;
    else
      for (let isLast = false; !isLast; ) {
        at = this.#member(at);
        isLast = this.#isLast(at);
        at = isLast ? at + 1 : this.#behindSpace(at + 1);
      }
    at = this.#behindSpace(at);
    if (at !== end) throw this.#broken(at, 'bytes follow its end');
    if (this.#bits >= 0x80 && !isUtf8Between(bytes, start, end))
      throw new DecodeFailure('looks like JSON, and is not UTF-8');
  }

  /** Scans a field's name and value. @returns the position behind them. */
  #member(at: number): number {
    const behindKey = this.#text(at);
    const index = this.#indexOf(at + 1, behindKey - 1);
    const field = this.#fields[index];
    if (field === undefined)
      throw new DecodeFailure(
        `is JSON with a key that is no field of an event, ${this.#place(at)}`,
      );
    if (this.tokens[3 * index] !== token.absent)
      throw new DecodeFailure(`is JSON with ${field.name} twice, ${this.#place(at)}`);
    return this.#behindSpace(this.#value(field, 3 * index, this.#behindColon(behindKey)));
  }

  #value(field: ScannedField, index: number, start: number): number {
    const { tokens } = this;
    const first = this.#byte(start);
    let kind: number = token.number;
    let begin = start;
    let end = start;
    let behind = start;
    if (first === quote) {
      if (!field.isText) throw this.#mistyped(field, start);
      kind = token.text;
      begin = start + 1;
      behind = this.#text(start);
      if (field.isKept) this.size += behind - 1 - begin;
      end = this.#isEscaped ? ~(behind - 1) : behind - 1;
    } else if (first === openingBrace) {
      if (!field.isMap) throw this.#mistyped(field, start);
      kind = token.entries;
      begin = this.entries.length;
      behind = this.#entries(field, start);
      end = this.entries.length;
    } else if (first === minus || isDigit(first)) {
      if (!field.isNumber) throw this.#mistyped(field, start);
      behind = this.#number(start);
      end = behind;
    } else {
      const word = words.find(({ bytes }) => bytes[0] === first);
      if (word === undefined) {
        if (first === openingBracket) throw this.#mistyped(field, start);
        throw this.#broken(start, 'a value is missing');
      }
      kind = word.kind;
      behind = this.#word(word.bytes, start);
      end = behind;
      if (kind === token.null ? !field.mayBeNull : field.kind !== 'boolean')
        throw this.#mistyped(field, start);
    }
    tokens[index] = kind;
    tokens[index + 1] = begin;
    tokens[index + 2] = end;
    return behind;
  }

  /** Scans an object of texts. @returns the position behind it. */
  #entries(field: ScannedField, start: number): number {
    const { entries } = this;
    let at = this.#behindSpace(start + 1);
    if (this.#byte(at) === closingBrace) return at + 1;
    for (let isLast = false; !isLast; ) {
      const key = at;
      at = this.#text(key);
      const keyEnd = at - 1;
      entries.push(key + 1, this.#isEscaped ? ~keyEnd : keyEnd);
      at = this.#behindColon(at);
      if (this.#byte(at) !== quote) {
        if (at === this.#end) throw this.#cut();
        throw this.#mistyped(field, at);
      }
      const text = at;
      at = this.#text(text);
      const textEnd = at - 1;
      entries.push(text + 1, this.#isEscaped ? ~textEnd : textEnd);
      const [keyLength, length] = [keyEnd - key - 1, textEnd - text - 1];
      this.size += lengthBytes(keyLength) + keyLength + lengthBytes(length) + length;
      at = this.#behindSpace(at);
      isLast = this.#isLast(at);
      at = isLast ? at + 1 : this.#behindSpace(at + 1);
    }
    return at;
  }

  /** Scans a text. @returns the position behind its closing quote. */
  #text(start: number): number {
    if (this.#byte(start) !== quote) throw this.#broken(start, 'a text in quotes is missing');
    const bytes = this.#bytes;
    const end = this.#end;
    let bits = 0;
    let isEscaped = false;
    for (let at = start + 1; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (byte === quote) {
        this.#bits |= bits;
        this.#isEscaped = isEscaped;
        return at + 1;
      }
      if (byte < 0x20) throw this.#broken(at, 'a text has a control character that is not escaped');
      bits |= byte;
      if (byte === backslash) {
        isEscaped = true;
        at = this.#escape(at) - 1;
      }
    }
    throw this.#cut();
  }

  /** Scans an escape sequence; of a surrogate pair both. @returns the position behind it. */
  #escape(at: number): number {
    const character = this.#byte(at + 1);
    if (character !== letterU) {
      if (escapes.has(character)) return at + 2;
      throw this.#broken(at, 'a text has an unknown escape');
    }
    const unit = this.#hexadecimal(at + 2);
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    if (
      unit < 0xdc00 &&
      this.#byte(at + 6) === backslash &&
      this.#byte(at + 7) === letterU &&
      this.#hexadecimal(at + 8) >> 10 === 0xdc00 >> 10
    )
      return at + 12;
    throw this.#broken(at, 'a text has half a surrogate pair');
  }

  /** Reads the four digits of an escape. */
  #hexadecimal(at: number): number {
    let unit = 0;
    for (let digit = at; digit < at + 4; digit += 1) {
      const value = hexadecimal(this.#byte(digit));
      if (value < 0) throw this.#broken(digit, 'a text has an unknown escape');
      unit = unit * 16 + value;
    }
    return unit;
  }

  /** Scans a number. @returns the position behind it. */
  #number(start: number): number {
    let at = this.#byte(start) === minus ? start + 1 : start;
    if (this.#byte(at) === zero) at += 1;
    else at = this.#digits(at);
    if (this.#byte(at) === dot) at = this.#digits(at + 1);
    if ((this.#byte(at) | 0x20) === letterE) {
      const sign = this.#byte(at + 1);
      at = this.#digits(sign === minus || sign === plus ? at + 2 : at + 1);
    }
    return at;
  }

  #digits(start: number): number {
    let at = start;
    while (isDigit(this.#byte(at))) at += 1;
    if (at === start) throw this.#broken(at, 'a digit is missing');
    return at;
  }

  #word(word: Buffer, start: number): number {
    for (let index = 0; index < word.length; index += 1)
      if (this.#byte(start + index) !== word[index])
        throw this.#broken(start + index, 'a value is missing');
    return start + word.length;
  }

  #behindColon(given: number): number {
    const at = this.#behindSpace(given);
    if (this.#byte(at) !== colon) throw this.#broken(at, 'a colon is missing');
    return this.#behindSpace(at + 1);
  }

  /** Tells whether an object ends here, or goes on behind a comma. */
  #isLast(at: number): boolean {
    const byte = this.#byte(at);
    if (byte === closingBrace) return true;
    if (byte === comma) return false;
    throw this.#broken(at, 'a comma or } is missing');
  }

  #behindSpace(start: number): number {
    let at = start;
    for (;;) {
      const byte = this.#byte(at);
      if (byte > 0x20) return at;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
      at += 1;
    }
  }

  /** Gives the byte at a position; −1 behind the value. */
  #byte(at: number): number {
    return at < this.#end ? (this.#bytes[at] as number) : -1;
  }

  /** Finds the field that a scanned key names. @returns −1 where there is none. */
  #indexOf(start: number, end: number): number {
    if (!this.#isEscaped) return this.#indexOfName(this.#bytes, start, end);
    const name = Buffer.from(textOf(this.#bytes, start, end));
    return this.#indexOfName(name, 0, name.length);
  }

  #indexOfName(bytes: Buffer, start: number, end: number): number {
    const names = this.#names;
    let index = this.#expected;
    for (let tried = 0; tried < names.length; tried += 1) {
      if (index >= names.length) index = 0;
      if (isAt(names[index] as Buffer, bytes, start, end)) {
        this.#expected = index + 1;
        return this.#fieldOf[index] as number;
      }
      index += 1;
    }
    return -1;
  }

  #mistyped({ name, kind }: ScannedField, at: number): DecodeFailure {
    return new DecodeFailure(`is JSON whose ${name} is not ${written[kind]}, ${this.#place(at)}`);
  }

  #broken(at: number, why: string): DecodeFailure {
    return at >= this.#end
      ? this.#cut()
      : new DecodeFailure(`looks like JSON, and breaks ${this.#place(at)}: ${why}`);
  }

  #cut(): DecodeFailure {
    return new DecodeFailure('looks like JSON that is cut off at its end');
  }

  /** Names a position by the number of bytes before it. */
  #place(at: number): string {
    return `at byte ${at - this.#start}`;
  }
}

const escapes: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));
const words = (['true', 'false', 'null'] as const).map((word) => ({
  bytes: Buffer.from(word),
  kind: token[word],
}));

/** The value of a hexadecimal digit; −1 where it is none. */
const hexadecimal = (byte: number): number => {
  if (isDigit(byte)) return byte - zero;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
};

const isAt = (name: Buffer, bytes: Buffer, start: number, end: number): boolean => {
  const { length } = name;
  if (end - start !== length) return false;
  for (let index = 0; index < length; index += 1)
    if (name[index] !== bytes[start + index]) return false;
  return true;
};

/** Reads a scanned text that may have escapes. */
export const textOf = (bytes: Buffer, start: number, end: number): string =>
  JSON.parse(`"${bytes.toString('utf8', start, end)}"`) as string;
