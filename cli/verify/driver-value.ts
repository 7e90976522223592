import { types } from 'cassandra-driver';
import type { Value } from './rules/schema-fields.ts';

const dayMs = 86_400_000;

/** Converts a value of the driver to the form of the rules. */
export const toValue = (value: unknown): Value => {
  if (value instanceof types.Uuid) return `${value}`;
  if (value instanceof types.Long) return BigInt(`${value}`);
  // The driver keeps a date in `date`, also for days beyond the range of a Date.
  if (value instanceof types.LocalDate)
    return (value as unknown as { date: Date }).date.getTime() / dayMs;
  return value instanceof Date ? value.getTime() : ((value ?? null) as Value);
};

/** Converts a value of the rules to a parameter of a statement, by the column's type. */
export const toParameter = (value: Value, type: string): unknown => {
  switch (type) {
    case 'date':
      return toLocalDate(value as number);
    case 'timestamp':
      return new Date(value as number);
    case 'bigint':
      return types.Long.fromString(`${value}`);
    default:
      // Texts, uuids as text, and small numbers are encoded as they are.
      return value;
  }
};

/** Makes the driver's date of a number of days since the epoch. */
export const toLocalDate = (days: number): types.LocalDate => {
  const day = new Date(days * dayMs);
  return new types.LocalDate(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate());
};
