import { isUtf8 } from 'node:buffer';
import type { EncodedEvent, RejectedReason } from './generated-record.ts';

/** An event as its bytes say it. */
type ReadEvent = Omit<EncodedEvent, 'metadata'> & {
  readonly metadata: ReadonlyMap<string, string>;
};

/** What a record's value is by itself, before it is judged by its time. */
type Expected =
  | { readonly event: ReadEvent }
  | { readonly reason: Exclude<RejectedReason, 'late' | 'refused'> };

/** By the rules and the bytes alone; Avro is read here by hand, so that no decoder vouches for itself. */
export const expectedOf = (value: Buffer | null): Expected => {
  if (value === null) return { reason: 'tombstone' };
  const event = readEvent(value);
  if (event === null) return { reason: 'undecodable' };
  const { user_id, event_type, event_time, event_id, metadata } = event;
  if (!uuid.test(user_id)) return { reason: 'invalid_uuid' };
  if (event_type === '' || Buffer.byteLength(event_type) > 800)
    return { reason: 'invalid_event_type' };
  if (event_time < first || event_time > last) return { reason: 'invalid_event_time' };
  if (!uuid.test(event_id)) return { reason: 'invalid_uuid' };
  if (metadata.size > 65_535) return { reason: 'invalid_metadata' };
  return { event };
};

/** The years 1 to 9999, by the days and milliseconds around the epoch. */
const first = -719_162 * 86_400_000;
const last = 2_932_897 * 86_400_000 - 1;

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** Null unless the bytes are one event, whole and alone. */
const readEvent = (bytes: Buffer): ReadEvent | null => {
  const cursor: Cursor = { bytes, latin1: bytes.toString('latin1'), at: 0, failed: false };
  const user_id = readString(cursor);
  const event_type = readString(cursor);
  const event_time = readLong(cursor);
  const event_id = readString(cursor);
  const metadata = readMap(cursor);
  if (cursor.failed || cursor.at !== bytes.length) return null;
  return { user_id, event_type, event_time, event_id, metadata };
};

interface Cursor {
  readonly bytes: Buffer;
  /** A character for each byte; most texts are a piece of it, which is cheaper than to decode each. */
  readonly latin1: string;
  at: number;
  /** Something could not be read; what is read after it means nothing. */
  failed: boolean;
}

const fail = (cursor: Cursor): void => {
  cursor.failed = true;
};

/** Zig-zag, seven bits a byte, the lowest first. Exact within ±2^53, and beyond any valid time past that. */
const readLong = (cursor: Cursor): number => {
  const { bytes } = cursor;
  const first = bytes[cursor.at] ?? 0x80;
  let magnitude = (first & 0x7f) >> 1;
  let factor = 64;
  let byte = first;
  for (let count = 1; byte >= 0x80; count += 1) {
    cursor.at += 1;
    const next = bytes[cursor.at];
    if (next === undefined || count === 10) {
      fail(cursor);
      return 0;
    }
    byte = next;
    magnitude += (byte & 0x7f) * factor;
    factor *= 128;
  }
  cursor.at += 1;
  return (first & 1) === 0 ? magnitude : -magnitude - 1;
};

const readString = (cursor: Cursor): string => {
  const length = readLong(cursor);
  const { bytes, at } = cursor;
  if (cursor.failed || length < 0 || at + length > bytes.length) {
    fail(cursor);
    return '';
  }
  const end = at + length;
  cursor.at = end;
  for (let index = at; index < end; index += 1)
    if ((bytes[index] as number) >= 0x80) {
      if (!isUtf8(bytes.subarray(at, end))) fail(cursor);
      return bytes.toString('utf8', at, end);
    }
  return cursor.latin1.slice(at, end);
};

/** Blocks of entries, the last one empty; a block of negative count says its length in bytes as well. */
const readMap = (cursor: Cursor): Map<string, string> => {
  const entries = new Map<string, string>();
  for (;;) {
    let count = readLong(cursor);
    if (cursor.failed || count === 0) return entries;
    if (count < 0) {
      count = -count;
      readLong(cursor);
    }
    for (; count > 0 && !cursor.failed; count -= 1)
      entries.set(readString(cursor), readString(cursor));
  }
};
