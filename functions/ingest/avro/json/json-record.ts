import type { FieldValue, FieldValues } from '../../event/user-event.ts';
import { DecodeFailure } from '../decode-failure.ts';
import { isJsonObject, type ReadJson, readEither } from './json-types.ts';

/** How a field of the event is found in a value's JSON, and read. */
export interface JsonField {
  /** The reader's name of the field. */
  readonly name: string;
  /** The names to look for; the first that is there counts. */
  readonly names: readonly string[];
  /** Undefined where the writer has no such field. */
  readonly json: ReadJson<FieldValue> | undefined;
  /** The value where the JSON has no such field; undefined where it must have it. */
  readonly fallback: FieldValue | undefined;
}

/** Reads a value's JSON by the fields of the record that it was written as. */
export const jsonRecord =
  (fields: readonly JsonField[]): ReadJson<FieldValues> =>
  (given) => {
    if (!isJsonObject(given)) throw new DecodeFailure('that is not an object');
    return Object.fromEntries(fields.map((field) => [field.name, fieldOf(given, field)] as const));
  };

const fieldOf = (
  given: Readonly<Record<string, unknown>>,
  { name, names, json, fallback }: JsonField,
): FieldValue => {
  const found = names.find((one) => Object.hasOwn(given, one));
  if (found === undefined || json === undefined) {
    if (fallback !== undefined) return fallback;
    throw new DecodeFailure(`without ${name}`);
  }
  try {
    return readEither(json, given[found]);
  } catch (fault) {
    if (!(fault instanceof DecodeFailure)) throw fault;
    throw new DecodeFailure(`whose ${name} is ${fault.message}`);
  }
};
