import { longestKeyText, mostEntries } from './limits.ts';
import type { EventPlan, Field } from './plan.ts';
import { earliestTime, latestTime } from './readable-time.ts';
import { type Rejection, rejected } from './rejection.ts';
import { outOfRange } from './time-range.ts';
import type { FieldValue, FieldValues } from './user-event.ts';

// RFC 9562 §4: 8-4-4-4-12 hexadecimal digits; upper case is accepted.
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Checks what the schema cannot say, by the kinds of the fields and their parts in the row's key. Messages tell the size of a wrong
 * value, never the value.
 * @returns the first fault in the order of the schema; null where there is none.
 */
export const validate = ({ fields }: EventPlan, decoded: FieldValues): Rejection | null => {
  for (const field of fields) {
    const fault = faultOf(field, decoded[field.name] ?? null);
    if (fault !== null) return fault;
  }
  return null;
};

const faultOf = ({ name, kind, nullable, isKey }: Field, value: FieldValue): Rejection | null => {
  if (value === null)
    return nullable ? null : rejected('undecodable', `${name} is null, and must have a value`);
  switch (kind) {
    case 'uuid':
      return uuid.test(value as string) ? null : notAUuid(name, value as string);
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
