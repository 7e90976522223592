import { randomInt } from 'node:crypto';
import { type EventLayout, nullLength, positionIn } from '../../bytes/event-layout.ts';
import type { EventView } from '../../bytes/event-view.ts';
import { behindLength, textLength } from '../../bytes/text-length.ts';
import { wordsOf } from '../../bytes/words.ts';
import { bucketDate, bucketHour } from '../../event/bucket.ts';
import { type Kind, kinds } from '../../event/kinds.ts';
import type { Column } from '../../event/plan.ts';
import { compositeKey } from './composite-key.ts';

/** How the value of a column is written into a request. */
const write = {
  day: 0,
  hour: 1,
  uuid: 2,
  bytes: 3,
  map: 4,
  twoWords: 5,
  word: 6,
  byte: 7,
} as const;
type Write = (typeof write)[keyof typeof write];

const writeOf: { readonly [K in Kind]: Write } = {
  uuid: write.uuid,
  text: write.bytes,
  blob: write.bytes,
  map: write.map,
  time: write.twoWords,
  bigint: write.twoWords,
  double: write.twoWords,
  int: write.word,
  boolean: write.byte,
};

/** A column, as the encoder keeps it. */
interface Step {
  readonly write: Write;
  /** The field's first slot, counted from the event's; −1 where the value is computed from the event's time. */
  readonly slot: number;
  /** Bytes of its value; −1 where each has its own length. */
  readonly bytes: number;
  /** The numbers of 32 bits that its value is made of; a text, a blob and a map have none. */
  readonly words: number;
}

/**
 * Bytes that Cassandra 5.0 counts for a row beside those of its values: of the row, of a column that is no part of the key, of a map that
 * is none, and of an entry of a map beside its texts and their lengths. The values of the partition key are not counted.
 * test/integration/write-batch.test.ts holds them against what a server counts; it counts four fewer for the row.
 */
const counted = { row: 54, column: 20, map: 12, entry: 12 };

/** Odd, and of this process alone: nobody outside can choose keys that all have one hash. */
const base = randomInt(2 ** 31) * 2 + 1;

/** Bytes up to which a loop copies faster than a call. */
const short = 48;

/** Writes events as rows of `user_events`: the values of the INSERT, each after its length, as the plan has the columns. */
export class RowEncoder {
  readonly columns: number;
  readonly #partition: readonly Step[];
  /** The parts of the partition key: the slots of numbers, the texts and blobs, and what is computed from the event's time. */
  readonly #keyWords: Int32Array;
  readonly #keyBytes: readonly Step[];
  readonly #hasDay: boolean;
  readonly #hasHour: boolean;
  /** How the columns are written, for `writeColumns`. */
  readonly #program: Int32Array;
  /** Bytes of a row without those of its `#variable` columns. */
  readonly #fixed: number;
  /** The slots of the columns whose values have lengths of their own, or may be null. */
  readonly #variable: Int32Array;
  /** The slots of the maps. */
  readonly #maps: Int32Array;
  /** Bytes that the server counts for a row beside those of the request, without those of the maps' entries. */
  readonly #uncounted: number;

  constructor(layout: EventLayout) {
    const stepOf = ({ source }: Column): Step => {
      if (source === 'day') return { write: write.day, slot: -1, bytes: 4, words: 1 };
      if (source === 'hour') return { write: write.hour, slot: -1, bytes: 1, words: 1 };
      const bytes = kinds[source.kind].bytes ?? -1;
      return {
        write: writeOf[source.kind],
        slot: layout.slotOf(source),
        bytes: source.nullable ? -1 : bytes,
        words: Math.ceil(Math.max(0, bytes) / 4),
      };
    };
    const { columns, partitionKey } = layout.plan;
    this.columns = columns.length;
    const steps = columns.map(stepOf);
    this.#program = Int32Array.from(steps.flatMap((step) => [step.write, step.slot]));
    this.#partition = partitionKey.map(stepOf);
    this.#hasDay = this.#partition.some((step) => step.write === write.day);
    this.#hasHour = this.#partition.some((step) => step.write === write.hour);
    this.#keyBytes = this.#partition.filter((step) => step.write === write.bytes);
    this.#keyWords = Int32Array.from(
      this.#partition.flatMap(({ slot, words }) =>
        slot < 0 ? [] : Array.from({ length: words }, (_, word) => slot + 1 + word),
      ),
    );
    this.#fixed = steps.reduce((sum, { bytes }) => sum + 4 + Math.max(0, bytes), 0);
    this.#variable = Int32Array.from(
      steps.filter(({ bytes }) => bytes < 0).map(({ slot }) => slot),
    );
    const inKey = new Set([...partitionKey, ...layout.plan.clusteringKey].map(({ name }) => name));
    const ofKey = this.#partition.reduce((sum, { bytes }) => sum + Math.max(0, bytes), 0);
    this.#uncounted = columns.reduce((sum, { name }, index) => {
      if (inKey.has(name)) return sum - 4;
      // The request has a length before each value, and before the entries of a map how many there are.
      return sum + (steps[index]?.write === write.map ? counted.map - 8 : counted.column - 4);
    }, counted.row - ofKey);
    this.#maps = Int32Array.from(
      steps.filter((step) => step.write === write.map).map(({ slot }) => slot),
    );
  }

  /** Bytes of a row in a request. */
  requestBytes({ slots, base }: EventView): number {
    const variable = this.#variable;
    let bytes = this.#fixed;
    for (let index = 0; index < variable.length; index += 1) {
      const length = slots[base + (variable[index] as number)] as number;
      if (length > 0) bytes += length;
    }
    return bytes;
  }

  /** Bytes that the server counts for a row. */
  mutationBytes(event: EventView, requestBytes = this.requestBytes(event)): number {
    const { slots, base } = event;
    let bytes = requestBytes + this.#uncounted;
    for (let index = 0; index < this.#maps.length; index += 1) {
      const slot = base + (this.#maps[index] as number);
      if (slots[slot] !== nullLength) bytes += counted.entry * (slots[slot + 2] as number);
    }
    return bytes;
  }

  /** Writes a row at a position. @returns where the next bytes begin. */
  encode(event: EventView, into: Buffer, start: number, words = wordsOf(into)): number {
    return writeColumns(this.#program, event, into, start, words);
  }

  /** A row's values one by one, for the driver; null where there is none. */
  values(event: EventView): (Buffer | null)[] {
    const row = Buffer.alloc(this.requestBytes(event));
    this.encode(event, row, 0);
    const values: (Buffer | null)[] = [];
    for (let at = 0; at < row.length; ) {
      const length = row.readInt32BE(at);
      at += 4;
      values.push(length < 0 ? null : row.subarray(at, at + length));
      at += Math.max(0, length);
    }
    return values;
  }

  /** A row's partition, as the driver hashes it. */
  routingKey(event: EventView): Buffer {
    return compositeKey(
      this.#partition.map((step) => {
        const value = Buffer.alloc(4 + lengthOf(step, event));
        writeColumns(Int32Array.of(step.write, step.slot), event, value, 0, wordsOf(value));
        return value.subarray(4);
      }),
    );
  }

  /** Hashes a row's partition into a whole number of 32 bits. */
  partitionHash(event: EventView): number {
    const { slots, base: first, eventTime } = event;
    const keyWords = this.#keyWords;
    let hash = this.#hasDay ? bucketDate(eventTime) : 0;
    if (this.#hasHour) hash = (Math.imul(hash, base) + bucketHour(eventTime)) | 0;
    for (let index = 0; index < keyWords.length; index += 1)
      hash = (Math.imul(hash, base) + (slots[first + (keyWords[index] as number)] as number)) | 0;
    for (const step of this.#keyBytes)
      for (const byte of bytesOf(step, event)) hash = (Math.imul(hash, base) + byte + 1) | 0;
    return Math.imul(hash ^ (hash >>> 15), base);
  }

  /** Tells whether two rows are of one partition. */
  samePartition(one: EventView, other: EventView): boolean {
    const keyWords = this.#keyWords;
    for (let index = 0; index < keyWords.length; index += 1) {
      const word = keyWords[index] as number;
      if (one.slots[one.base + word] !== other.slots[other.base + word]) return false;
    }
    if (this.#hasDay && bucketDate(one.eventTime) !== bucketDate(other.eventTime)) return false;
    if (this.#hasHour && bucketHour(one.eventTime) !== bucketHour(other.eventTime)) return false;
    return this.#keyBytes.every((step) => bytesOf(step, one).equals(bytesOf(step, other)));
  }
}

/** The bytes of a text or a blob. */
const bytesOf = ({ slot }: Step, { layout, bytes, slots, base: first }: EventView): Buffer => {
  const length = slots[first + slot] as number;
  const begin = slots[first + slot + 1] as number;
  const at = positionIn(begin);
  return (begin < 0 ? layout.defaults : bytes).subarray(at, at + length);
};

const lengthOf = ({ slot, bytes }: Step, { slots, base: first }: EventView): number =>
  slot < 0 ? bytes : (slots[first + slot] as number);

/**
 * Writes columns, each value after its length.
 * @param program two numbers a column: how it is written, and the field's first slot counted from the event's.
 * @returns where the next bytes begin.
 */
const writeColumns = (
  program: Int32Array,
  { layout, bytes, slots, base: first, eventTime }: EventView,
  into: Buffer,
  start: number,
  words: DataView,
): number => {
  let at = start;
  for (let step = 0; step < program.length; step += 2) {
    const how = program[step] as Write;
    if (how === write.day) {
      words.setInt32(at, 4);
      at += 4;
      // A CQL date has the epoch in the middle of 32 bits.
      words.setInt32(at, (bucketDate(eventTime) + 2 ** 31) | 0);
      at += 4;
      continue;
    }
    if (how === write.hour) {
      words.setInt32(at, 1);
      at += 4;
      into[at] = bucketHour(eventTime);
      at += 1;
      continue;
    }
    const slot = first + (program[step + 1] as number);
    const length = slots[slot] as number;
    words.setInt32(at, length);
    at += 4;
    if (length === nullLength) continue;
    const begin = slots[slot + 1] as number;
    switch (how) {
      case write.uuid:
        words.setInt32(at, begin);
        at += 4;
        words.setInt32(at, slots[slot + 2] as number);
        at += 4;
        words.setInt32(at, slots[slot + 3] as number);
        at += 4;
        words.setInt32(at, slots[slot + 4] as number);
        at += 4;
        break;
      case write.twoWords:
        words.setInt32(at, begin);
        at += 4;
        words.setInt32(at, slots[slot + 2] as number);
        at += 4;
        break;
      case write.word:
        words.setInt32(at, begin);
        at += 4;
        break;
      case write.byte:
        into[at] = begin;
        at += 1;
        break;
      case write.bytes:
        copy(begin < 0 ? layout.defaults : bytes, positionIn(begin), length, into, at);
        at += length;
        break;
      case write.map: {
        const count = slots[slot + 2] as number;
        words.setInt32(at, count);
        at += 4;
        copyEntries(begin < 0 ? layout.defaults : bytes, positionIn(begin), count, into, at, words);
        at += length - 4;
        break;
      }
    }
  }
  return at;
};

/** Copies the keys and values of a map, whose lengths are Avro's there and CQL's here. */
const copyEntries = (
  from: Buffer,
  start: number,
  count: number,
  into: Buffer,
  at: number,
  words: DataView,
): void => {
  let source = start;
  let target = at;
  for (let texts = 2 * count; texts > 0; texts -= 1) {
    // Most lengths are one byte, twice the length.
    const first = from[source] as number;
    const length = first < 0x80 ? first >>> 1 : textLength(from, source);
    source = first < 0x80 ? source + 1 : behindLength(from, source);
    words.setInt32(target, length);
    target += 4;
    copy(from, source, length, into, target);
    source += length;
    target += length;
  }
};

const copy = (from: Buffer, start: number, length: number, into: Buffer, at: number): void => {
  if (length > short) from.copy(into, at, start, start + length);
  else
    for (let index = 0; index < length; index += 1)
      into[at + index] = from[start + index] as number;
};
