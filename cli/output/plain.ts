import { types } from 'cassandra-driver';
import { isoTime } from '../terminal/print.ts';

/** Converts a value of the driver to JSON: times in ISO form, whole numbers of 64 bits in digits, bytes in hexadecimal. */
export const plainOf = (value: unknown): unknown => {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return isoTime(value.getTime());
  if (Buffer.isBuffer(value)) return `0x${value.toString('hex')}`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, one]): [string, unknown] => [
      String(plainOf(key)),
      plainOf(one),
    ]);
    return Object.fromEntries(entries);
  }
  if (value instanceof types.Tuple) return value.values().map(plainOf);
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plainOf(one)]));
};

/** Writes a value as the text of a cell of a table. */
export const cellText = (value: unknown): string => {
  const plain = plainOf(value);
  if (plain === null) return '';
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
};
