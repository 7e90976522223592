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
  const bytes = Buffer.allocUnsafe(8);
  if (value >= beyond) bytes.writeBigInt64BE(2n ** 63n - 1n);
  else if (value < -beyond) bytes.writeBigInt64BE(-(2n ** 63n));
  else bytes.writeBigInt64BE(BigInt(Math.trunc(value)));
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

/** `[bytes]`: the length, then the bytes; −1 for null. */
const sized = (value: Buffer | null): Buffer[] =>
  value === null ? [int(-1)] : [int(value.length), value];

export const map = (entries: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([
    int(entries.length),
    ...entries.flatMap(([key, value]) => [...sized(key), ...sized(value)]),
  ]);

export const list = (items: readonly Buffer[]): Buffer =>
  Buffer.concat([int(items.length), ...items.flatMap(sized)]);

export const tuple = (fields: readonly (Buffer | null)[]): Buffer =>
  Buffer.concat(fields.flatMap(sized));
