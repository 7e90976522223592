import fc from 'fast-check';
import {
  type FieldType,
  publishedFields,
  type SchemaField,
} from '../../cli/verify/rules/schema-fields.ts';
import { eventId, userId } from '../support/avro.ts';

/** A part of an Avro value: a long, in as many bytes as it needs and `padding` more, or raw bytes. */
type Part = { readonly long: bigint; readonly padding?: number } | { readonly bytes: Buffer };

const encode = (part: Part): Buffer => {
  if ('bytes' in part) return part.bytes;
  const bytes: number[] = [];
  let zigzag = BigInt.asUintN(64, (part.long << 1n) ^ (part.long >> 63n));
  for (; zigzag >= 0x80n; zigzag >>= 7n) bytes.push(Number(zigzag & 0x7fn) | 0x80);
  bytes.push(Number(zigzag));
  for (let count = part.padding ?? 0; count > 0; count -= 1) {
    bytes[bytes.length - 1] = (bytes.at(-1) as number) | 0x80;
    bytes.push(0);
  }
  return Buffer.from(bytes);
};
const encodeAll = (parts: readonly Part[]): Buffer => Buffer.concat(parts.map(encode));

const characters = fc
  .constantFrom('a', 'key', '\0', 'ë', '\uFFFD', '🦊', '\u2028', '__proto__', 'constructor', '$')
  .map((text) => Buffer.from(text));

/** Bytes that are not UTF-8: lone surrogates and a pair of them, overlong NUL and slash, past U+10FFFF, no or half a character. */
const notUtf8 = fc
  .constantFrom(
    'eda080',
    'edb080',
    'eda0bdedb880',
    'c080',
    'e080af',
    'f4908080',
    'ff',
    '80',
    'f09f',
  )
  .map((hex) => Buffer.from(hex, 'hex'));

const text = fc
  .oneof(
    { weight: 40, arbitrary: fc.array(characters, { maxLength: 4 }) },
    { weight: 2, arbitrary: fc.array(fc.oneof(characters, notUtf8), { maxLength: 6 }) },
    { weight: 1, arbitrary: fc.nat(300).map((length) => [Buffer.alloc(length * 7, 'long')]) },
  )
  .map((pieces) => Buffer.concat(pieces));

const uuid = (valid: string) =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.constantFrom(valid, valid.toUpperCase()).map((id) => Buffer.from(id)),
    },
    { weight: 1, arbitrary: text },
  );

const absurd = [
  0n,
  -1n,
  1n,
  63n,
  -64n,
  2n ** 31n,
  -(2n ** 31n),
  2n ** 40n,
  2n ** 52n + 1n,
  -(2n ** 53n),
].concat([8_640_000_000_000_001n, 2n ** 62n, 2n ** 63n - 1n, -(2n ** 63n)]);
const time = fc.oneof(
  // There are few users, so that rows collide.
  {
    weight: 5,
    arbitrary: fc.nat(4).map((second) => 1_700_000_000_000n + 1_000n * BigInt(second)),
  },
  { weight: 5, arbitrary: fc.bigInt({ min: 0n, max: 4_102_444_800_000n }) },
  {
    weight: 1,
    arbitrary: fc.bigInt({ min: -8_640_000_000_000_000n, max: 8_640_000_000_000_000n }),
  },
  { weight: 1, arbitrary: fc.constantFrom(...absurd) },
);

const textParts = (bytes: Buffer): Part[] => [{ long: BigInt(bytes.length) }, { bytes }];

const block = fc
  .record({
    entries: fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 }),
    sized: fc.boolean(),
  })
  .map(({ entries, sized }): Part[] => {
    const parts = entries.flatMap(([key, value]) => [...textParts(key), ...textParts(value)]);
    const count = BigInt(entries.length);
    return sized
      ? [{ long: -count }, { long: BigInt(encodeAll(parts).length) }, ...parts]
      : [{ long: count }, ...parts];
  });

const map = (blocks: readonly Part[][]): Part[] => [...blocks.flat(), { long: 0n }];

/** The parts of the fields that the laws check. */
const namedParts: Readonly<Record<string, fc.Arbitrary<Part[]>>> = {
  user_id: uuid(userId).map(textParts),
  event_type: fc.oneof(fc.constant(Buffer.from('click')), text).map(textParts),
  event_time: time.map((long): Part[] => [{ long }]),
  event_id: uuid(eventId).map(textParts),
  metadata: fc.array(block, { maxLength: 3 }).map(map),
};

/** The parts of any other field's value, by its type. */
const partsOf: { readonly [T in FieldType]: fc.Arbitrary<Part[]> } = {
  uuid: uuid(eventId).map(textParts),
  string: text.map(textParts),
  bytes: text.map(textParts),
  time: time.map((long): Part[] => [{ long }]),
  long: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((long): Part[] => [{ long }]),
  int: fc.integer().map((int): Part[] => [{ long: BigInt(int) }]),
  boolean: fc.nat(1).map((byte): Part[] => [{ bytes: Buffer.of(byte) }]),
  double: fc
    .uint8Array({ minLength: 8, maxLength: 8 })
    .map((bytes): Part[] => [{ bytes: Buffer.from(bytes) }]),
  map: fc.array(block, { maxLength: 3 }).map(map),
};

const otherParts = ({ type, nullAt }: SchemaField): fc.Arbitrary<Part[]> => {
  if (nullAt === null) return partsOf[type];
  const branch = (index: number): Part => ({ long: BigInt(index) });
  return fc
    .tuple(fc.boolean(), partsOf[type])
    .map(([isNull, parts]) => (isNull ? [branch(nullAt)] : [branch(1 - nullAt), ...parts]));
};

/** The parts of a valid value, with rare exceptions: other texts for uuids, times out of range, not UTF-8. */
const eventParts: fc.Arbitrary<Part[]> = fc
  .tuple(...publishedFields.map((field) => namedParts[field.name] ?? otherParts(field)))
  .map((parts) => parts.flat());

/** The place of a change: a share of the length, so that it fits every value. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (share: number, list: ArrayLike<unknown>): number => Math.floor(share * list.length);

/** Changes of lengths, counts and block sizes, and parts that are removed, doubled or moved. */
const changeOfParts: fc.Arbitrary<(parts: readonly Part[]) => readonly Part[]> = fc.oneof(
  fc
    .record({
      share: place,
      long: fc.constantFrom(...absurd),
      padding: fc.constantFrom(0, 0, 1, 8, 9, 20, 200),
    })
    .map(({ share, long, padding }) => (parts: readonly Part[]) => {
      const longs = parts.filter((part) => 'long' in part);
      const chosen = longs[at(share, longs)];
      return parts.map((part) => (part === chosen ? { long, padding } : part));
    }),
  fc
    .record({
      share: place,
      by: fc.constantFrom(-1n, 1n, 2n),
      padding: fc.constantFrom(0, 1, 9, 10),
    })
    .map(({ share, by, padding }) => (parts: readonly Part[]) => {
      const chosen = at(share, parts);
      return parts.map((part, index) =>
        index === chosen && 'long' in part ? { long: part.long + by, padding } : part,
      );
    }),
  place.map((share) => (parts: readonly Part[]) => parts.toSpliced(at(share, parts), 1)),
  fc.tuple(place, place).map(
    ([from, to]) =>
      (parts: readonly Part[]) =>
        parts.toSpliced(at(to, parts), 0, ...parts.slice(at(from, parts))),
  ),
);

/** Prefixes that resemble wire formats: Confluent's (0x00 and an id) and Glue's (0x03, compression and a uuid). */
const prefix = fc.oneof(
  fc.nat(1_000).map((id) => Buffer.of(0, 0, 0, id >> 8, id & 255)),
  fc
    .constantFrom(0, 5, 99)
    .map((compression) => Buffer.concat([Buffer.of(3, compression), Buffer.alloc(16, 7)])),
  fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);

export const changeOfBytes: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(([share, bit]) => (bytes: Buffer) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0)
      changed[at(share, bytes)] = (changed[at(share, bytes)] as number) ^ (1 << bit);
    return changed;
  }),
  place.map((share) => (bytes: Buffer) => bytes.subarray(0, at(share, bytes))),
  prefix.map((first) => (bytes: Buffer) => Buffer.concat([first, bytes])),
  fc.tuple(place, fc.uint8Array({ maxLength: 12 })).map(
    ([share, inserted]) =>
      (bytes: Buffer) =>
        Buffer.concat([
          bytes.subarray(0, at(share, bytes)),
          inserted,
          bytes.subarray(at(share, bytes)),
        ]),
  ),
  fc.tuple(place, place).map(
    ([from, to]) =>
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, at(from, bytes)), bytes.subarray(at(to, bytes))]),
  ),
);

/** The bytes of valid events, with the rare exceptions. */
export const eventBytes: fc.Arbitrary<Buffer> = eventParts.map(encodeAll);

/** Lists of up to two changes; most are empty. */
export const faults = <T>(change: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<T[]>([]) },
    { weight: 1, arbitrary: fc.array(change, { minLength: 1, maxLength: 2 }) },
  );

/** The values of records: valid events, events with up to four faults, and any bytes. */
export const avroBytes: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(eventParts, faults(changeOfParts), faults(changeOfBytes))
      .map(([parts, ofParts, ofBytes]) => {
        const changed = ofParts.reduce(
          (before, change) => change(before),
          parts as readonly Part[],
        );
        return ofBytes.reduce((before, change) => change(before), encodeAll(changed));
      }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);
