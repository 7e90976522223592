/**
 * CQL values as bytes (native protocol v4, §6 of its specification). Encoded here because the driver's own encoder
 * takes dates through the local time zone, makes NaN the epoch and turns wrong maps into other maps without a word.
 */

export const text = (value: string): Buffer => Buffer.from(value, 'utf8');

/** @param value 8-4-4-4-12 hexadecimal digits, checked before. */
export const uuid = (value: string): Buffer => Buffer.from(value.replaceAll('-', ''), 'hex');

export const int = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
};

/** @param value −128 to 127. */
export const tinyint = (value: number): Buffer => Buffer.from([value]);

const beyond = 2 ** 63;

/** A value beyond 64 bits (JSON rounds the largest timestamps up to one) becomes the nearest within. */
export const bigint = (value: number): Buffer => {
  if (value >= beyond) return Buffer.from('7fffffffffffffff', 'hex');
  const whole = Math.trunc(Math.max(value, -beyond));
  // A division by a power of two rounds nothing, and a BigInt takes four times as long.
  const high = Math.floor(whole / 2 ** 32);
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeInt32BE(high);
  bytes.writeUInt32BE(whole - high * 2 ** 32, 4);
  return bytes;
};

/** @param milliseconds since the epoch, like {@link bigint}. */
export const timestamp = (milliseconds: number): Buffer => bigint(milliseconds);

const epoch = 2 ** 31;

/** @param days since the epoch; days that a CQL date has no place for become its first or last. */
export const date = (days: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(Math.min(Math.max(days + epoch, 0), 2 ** 32 - 1));
  return bytes;
};

/** A value within another: `[bytes]`, the length, then the bytes; −1 for null. */
type Inner = string | Buffer | null;

const sizeOf = (value: Inner): number => {
  if (value === null) return 4;
  return 4 + (typeof value === 'string' ? Buffer.byteLength(value) : value.length);
};

/** @returns where the next value begins. */
const write = (value: Inner, into: Buffer, at: number): number => {
  if (value === null) return into.writeInt32BE(-1, at);
  const start = at + 4;
  const length = typeof value === 'string' ? into.write(value, start) : value.copy(into, start);
  into.writeInt32BE(length, at);
  return start + length;
};

/** Measured, then written into one Buffer: one for each of a million texts would take all the memory of a function. */
export const map = (entries: ReadonlyMap<Inner, Inner>): Buffer => {
  let size = 4;
  for (const [key, value] of entries) size += sizeOf(key) + sizeOf(value);
  const bytes = Buffer.allocUnsafe(size);
  let at = bytes.writeInt32BE(entries.size);
  for (const [key, value] of entries) at = write(value, bytes, write(key, bytes, at));
  return bytes;
};

export const tuple = (fields: readonly Inner[]): Buffer => {
  let size = 0;
  for (const field of fields) size += sizeOf(field);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const field of fields) at = write(field, bytes, at);
  return bytes;
};

export const list = (items: readonly Buffer[]): Buffer =>
  Buffer.concat([int(items.length), tuple(items)]);
