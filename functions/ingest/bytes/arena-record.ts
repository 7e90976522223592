import type { Header, KafkaRecord, ValidatedBy } from '../pipeline/kafka-record.ts';
import { none, type Packing } from './base64-arena.ts';
import type { Span } from './byte-range.ts';

/** A record whose key and value lie in a buffer with those of others, and get one of their own only where somebody asks. */
export class PackedRecord implements KafkaRecord, Span {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly headers: readonly Header[];
  readonly validatedBy: ValidatedBy | undefined;
  readonly bytes: Buffer;
  readonly #keyStart: number;
  /** Of the value, and behind the key. */
  readonly start: number;
  readonly end: number;

  /**
   * Not of one object: it would be one more for each record.
   * @param packing with its key and value appended last.
   */
  constructor(
    topic: string,
    partition: number,
    offset: number,
    timestamp: number,
    headers: readonly Header[],
    validatedBy: ValidatedBy | undefined,
    { bytes, keyStart, start, end }: Packing,
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
    return this.#keyStart === none ? null : this.bytes.subarray(this.#keyStart, this.start);
  }

  get value(): Buffer | null {
    return this.end === none ? null : this.bytes.subarray(this.start, this.end);
  }

  get packed(): Span | null {
    return this.end === none ? null : this;
  }
}
