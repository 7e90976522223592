import type { Kind } from './kinds.ts';
import { isReadable } from './readable-time.ts';
import type { FieldValue } from './user-event.ts';
import { isUuid } from './uuid-text.ts';

/** Reads a default of a schema, which is JSON, as a value of a field's kind; returns undefined where it is no such value. */
export const fallbackOf = (
  kind: Kind,
  nullable: boolean,
  given: unknown,
): FieldValue | undefined => {
  if (given === null) return nullable ? null : undefined;
  switch (kind) {
    case 'uuid':
      return typeof given === 'string' && isUuid(given) ? given.toLowerCase() : undefined;
    case 'text':
      return isText(given) ? given : undefined;
    case 'blob':
      // Avro writes a byte as the character of its number.
      return typeof given === 'string' && !/[^\0-\xff]/.test(given)
        ? Buffer.from(given, 'latin1')
        : undefined;
    case 'time':
      return Number.isSafeInteger(given) && isReadable(given as number)
        ? (given as number)
        : undefined;
    case 'bigint':
      return Number.isSafeInteger(given) ? BigInt(given as number) : undefined;
    case 'int':
      return typeof given === 'number' && (given | 0) === given ? given : undefined;
    case 'boolean':
      return typeof given === 'boolean' ? given : undefined;
    case 'double':
      return typeof given === 'number' ? given : undefined;
    case 'map': {
      if (typeof given !== 'object' || Array.isArray(given)) return undefined;
      const entries = Object.entries(given);
      return entries.every((entry) => entry.every(isText))
        ? new Map(entries as [string, string][])
        : undefined;
    }
  }
};

/** Tells whether a value is a text. Half a surrogate pair is none: it has no bytes in UTF-8. */
const isText = (given: unknown): given is string =>
  typeof given === 'string' && given.isWellFormed();
