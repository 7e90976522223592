import { bucketDate, bucketHour } from '../bucket.ts';
import type { Bucket } from '../config.ts';
import type { UserEvent } from '../user-event.ts';
import type { EncodedRow } from './batch-frame.ts';

/**
 * A row of `user_events` as the bytes of a request: what `userEventValues` says, each value after its length, without a buffer
 * for each.
 */
export const eventRow = (event: UserEvent, bucket: Bucket): EventRow => {
  const typeBytes = Buffer.byteLength(event.eventType);
  let mapBytes = 4;
  for (const [key, value] of event.metadata)
    mapBytes += 8 + Buffer.byteLength(key) + Buffer.byteLength(value);
  const hour = bucket === 'hour' ? 4 + 1 : 0;
  return {
    columns: bucket === 'hour' ? 7 : 6,
    bytes: 6 * 4 + 16 + 4 + hour + 8 + typeBytes + 16 + mapBytes,
    encode: (into, at) => encode(event, { bucket, typeBytes, mapBytes }, into, at),
    // A cell of the map has a timestamp and a path of its own; the rest of a row some 130 bytes.
    stored: 130 + typeBytes + mapBytes + 16 * event.metadata.size,
  };
};

export interface EventRow extends EncodedRow {
  /** Bytes that the server counts for it, at most about so many. */
  readonly stored: number;
}

interface Shape {
  readonly bucket: Bucket;
  readonly typeBytes: number;
  readonly mapBytes: number;
}

const encode = (
  { userId, eventType, eventTime, eventId, metadata }: UserEvent,
  { bucket, typeBytes, mapBytes }: Shape,
  into: Buffer,
  start: number,
): void => {
  const day = bucketDate(eventTime);
  let at = uuid(into, start, userId);
  at = int(into, at, 4);
  at = int(into, at, day + 2 ** 31);
  if (bucket === 'hour') {
    at = int(into, at, 1);
    into[at] = bucketHour(eventTime);
    at += 1;
  }
  at = int(into, at, 8);
  at = int(into, at, Math.floor(eventTime / 2 ** 32));
  at = int(into, at, eventTime);
  at = text(into, at, eventType, typeBytes);
  at = uuid(into, at, eventId);
  at = int(into, at, mapBytes);
  at = int(into, at, metadata.size);
  for (const [key, value] of metadata) at = sizedText(into, sizedText(into, at, key), value);
};

/** The lowest 32 bits, of a negative number too. */
const int = (into: Buffer, at: number, value: number): number => {
  const bits = value >>> 0;
  into[at] = bits >>> 24;
  into[at + 1] = bits >>> 16;
  into[at + 2] = bits >>> 8;
  into[at + 3] = bits;
  return at + 4;
};

const text = (into: Buffer, at: number, value: string, bytes: number): number => {
  int(into, at, bytes);
  into.write(value, at + 4, bytes, 'utf8');
  return at + 4 + bytes;
};

/** Text whose length is known when it is written. */
const sizedText = (into: Buffer, at: number, value: string): number => {
  const bytes = into.write(value, at + 4, 'utf8');
  int(into, at, bytes);
  return at + 4 + bytes;
};

/** What a hexadecimal digit's character code stands for. */
const digits = new Uint8Array(0x80);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digits[digit.charCodeAt(0)] = value;
  digits[digit.toUpperCase().charCodeAt(0)] = value;
}
const digitAt = (value: string, index: number): number => digits[value.charCodeAt(index)] as number;

const dashes: ReadonlySet<number> = new Set([8, 13, 18, 23]);
/** Where the pairs of digits of a uuid's text begin. */
const pairs = Array.from({ length: 36 }, (_, index) => index).filter(
  (index) =>
    !dashes.has(index) && [...Array(index).keys()].filter((i) => !dashes.has(i)).length % 2 === 0,
);

/** @param value 8-4-4-4-12 hexadecimal digits, checked before. */
const uuid = (into: Buffer, start: number, value: string): number => {
  let at = int(into, start, 16);
  for (const index of pairs) {
    into[at] = (digitAt(value, index) << 4) | digitAt(value, index + 1);
    at += 1;
  }
  return at;
};
