import { isUtf8 } from 'node:buffer';
import avro, { type Schema, type Type } from 'avsc';

/** What avsc's types read from: its own cursor over one value (private to avsc, whose version is pinned). */
interface Tap {
  readonly buf: Buffer;
  pos: number;
  readLong(): number;
}

/**
 * The constructors behind avsc's types, as they are: the published declarations say they cannot be constructed and
 * leave `_read` out.
 */
interface Constructors {
  readonly StringType: new () => object;
  readonly LongType: new () => object;
  readonly MapType: new (schema: object, options: object) => { readonly valuesType: Readable };
}
interface Readable {
  _read(tap: Tap): unknown;
}
const { StringType, LongType, MapType } = avro.types as unknown as Constructors;

/** Ten bytes of seven bits hold 64. */
const longestVarint = 10;

/** avsc's own long, in no more bytes than 64 bits take: it would read on through any number of padding bytes. */
const readLong = (tap: Tap): number => {
  const start = tap.pos;
  const value = tap.readLong();
  if (tap.pos - start > longestVarint) throw new Error('a number has more than 10 bytes');
  return value;
};

/** A string that is UTF-8. avsc replaces bytes that are not by U+FFFD, and the text stored would not be the text sent. */
const readUtf8 = (tap: Tap): string => {
  const length = readLong(tap);
  const start = tap.pos;
  const end = start + length;
  // Written so that NaN is refused too.
  if (!(length >= 0 && end <= tap.buf.length))
    throw new Error('a string ends outside of the value');
  tap.pos = end;
  const text = tap.buf.toString('utf8', start, end);
  if (text.includes('\uFFFD') && !isUtf8(tap.buf.subarray(start, end)))
    throw new Error('a string is not UTF-8');
  return text;
};

class Utf8StringType extends StringType {
  _read(tap: Tap): string {
    return readUtf8(tap);
  }
}

/**
 * A long read exactly, or as the nearest number where 53 bits do not hold it (the check of its range judges it).
 * avsc reads one beyond ±2^52 with the wrong sign, for its zigzag form no longer fits a number's 53 bits, and throws
 * on one beyond ±2^53.
 */
class ExactLongType extends LongType {
  _read(tap: Tap): number {
    const start = tap.pos;
    const value = readLong(tap);
    if (Math.abs(value) < 2 ** 52) return value;
    let zigzag = 0n;
    for (const [index, byte] of tap.buf.subarray(start, tap.pos).entries())
      zigzag |= BigInt(byte & 0x7f) << BigInt(7 * index);
    return Number((zigzag >> 1n) ^ -(zigzag & 1n));
  }
}

/** A key takes a byte at least, and so does a value. */
const smallestEntry = 2;

/**
 * A map read into a Map: no key can reach a prototype, and of a key that comes twice the last value counts. A count
 * that the remaining bytes cannot hold is refused: avsc alone would loop up to 2^53 times over the end of the value.
 */
class BoundedMapType extends MapType {
  _read(tap: Tap): ReadonlyMap<string, unknown> {
    const entries = new Map<string, unknown>();
    for (let count = readLong(tap); count !== 0; count = readLong(tap)) {
      if (count < 0) {
        count = -count;
        readLong(tap); // the block's size in bytes
      }
      if (!(count * smallestEntry <= tap.buf.length - tap.pos))
        throw new Error('a map block has more entries than bytes');
      for (; count > 0; count -= 1) {
        const key = readUtf8(tap);
        entries.set(key, this.valuesType._read(tap));
      }
    }
    return entries;
  }
}

/** For `Type.forSchema`'s `typeHook`: strings, longs and maps as above, the rest as avsc has them. */
export const strictTypes = (schema: Schema, options: object): Type | undefined => {
  const name = typeof schema === 'object' && 'type' in schema ? schema.type : schema;
  const build = (type: object): Type => type as Type;
  if (name === 'string') return build(new Utf8StringType());
  if (name === 'long') return build(new ExactLongType());
  if (name === 'map' && typeof schema === 'object')
    return build(new BoundedMapType(schema, options));
  return undefined;
};
