import type { Header, KafkaRecord, ValidatedBy } from '../pipeline/kafka-record.ts';
import { absent, type Base64Arena } from './base64-arena.ts';
import { type ByteRange, rangeOf } from './byte-range.ts';

/** A record whose key and value lie in a buffer with those of others, and get one of their own only where somebody asks. */
export class ArenaRecord implements KafkaRecord, ByteRange {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly headers: readonly Header[];
  readonly validatedBy: ValidatedBy | undefined;
  readonly bytes: Buffer;
  readonly #keyStart: number;
  /** The position of the value, and behind the key. */
  readonly start: number;
  readonly end: number;

  /**
   * Positional parameters: an object of them would be one more for each record.
   * @param arena where the record's key and value were added last.
   */
  constructor(
    topic: string,
    partition: number,
    offset: number,
    timestamp: number,
    headers: readonly Header[],
    validatedBy: ValidatedBy | undefined,
    { bytes, keyStart, start, end }: Pick<Base64Arena, 'bytes' | 'keyStart' | 'start' | 'end'>,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.headers = headers;
    this.validatedBy = validatedBy;
    this.bytes = bytes;
    this.#keyStart = keyStart;
    this.start = start;
    this.end = end;
  }

  get key(): Buffer | null {
    return this.#keyStart === absent ? null : this.bytes.subarray(this.#keyStart, this.start);
  }

  get value(): Buffer | null {
    return this.end === absent ? null : this.bytes.subarray(this.start, this.end);
  }
}

/** Finds the bytes of a record's value where they are; null for a tombstone. */
export const valueRange = (record: Pick<KafkaRecord, 'value'>): ByteRange | null => {
  if (record instanceof ArenaRecord) return record.end === absent ? null : record;
  return record.value === null ? null : rangeOf(record.value);
};
