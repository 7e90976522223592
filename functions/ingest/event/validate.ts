import { longestKeyText, mostEntries } from './limits.ts';
import type { EventPlan, Field } from './plan.ts';
import { earliestTime, latestTime } from './readable-time.ts';
import { type Rejection, rejected } from './rejection.ts';
import { outOfRange } from './time-range.ts';
import type { FieldValue, FieldValues } from './user-event.ts';
import { isUuid } from './uuid-text.ts';

/**
 * Validates an event beyond its schema: by the kinds of the fields, and by their part in the row's key. Messages have the size of
 * a wrong value, never the value.
 * @returns the first fault in the order of the schema; null where there is none.
 */
export const validate = ({ fields }: EventPlan, decoded: FieldValues): Rejection | null => {
  for (const field of fields) {
    const fault = faultOf(field, decoded[field.name] ?? null);
    if (fault !== null) return fault;
  }
  return null;
};

/** Validates the value of one field. */
export const faultOf = (
  { name, kind, nullable, isKey }: Field,
  value: FieldValue,
): Rejection | null => {
  if (value === null)
    return nullable ? null : rejected('undecodable', `${name} is null, and must have a value`);
  switch (kind) {
    case 'uuid':
      return isUuid(value as string) ? null : notAUuid(name, value as string);
    case 'text':
      return isKey ? keyTextFault(name, value as string) : null;
    case 'time':
      return outOfRange(value as number, earliestTime, latestTime, name);
    case 'map': {
      const { size } = value as ReadonlyMap<string, string>;
      return size <= mostEntries
        ? null
        : rejected(
            'invalid_metadata',
            `${name} must have at most ${mostEntries} entries (has ${size})`,
          );
    }
    default:
      return null;
  }
};

const notAUuid = (name: string, text: string): Rejection =>
  rejected(
    'invalid_uuid',
    `${name} must be a uuid, 8-4-4-4-12 hexadecimal digits (has ${text.length} characters)`,
  );

const keyTextFault = (name: string, text: string): Rejection | null => {
  if (text === '') return rejected('invalid_event_type', `${name} is empty`);
  const bytes = Buffer.byteLength(text);
  return bytes <= longestKeyText
    ? null
    : rejected(
        'invalid_event_type',
        `${name} must have at most ${longestKeyText} bytes of UTF-8 (has ${bytes})`,
      );
};
