import type { UserEventFields } from '../user-event.ts';
import { Fault } from './fault.ts';
import { isJsonObject, type ReadJson, readEither } from './json-types.ts';

type FieldName = keyof UserEventFields;

/** How a field of the event is found in a value's JSON, and read. */
export type JsonField<T> = {
  /** The names to look for; the first that is there counts. */
  readonly names: readonly string[];
  /** Undefined where the writer has no such field. */
  readonly json: ReadJson<T> | undefined;
  /** What the reader's schema gives where the JSON has no such field; undefined where it gives nothing. */
  readonly fallback: T | undefined;
};

export type JsonFields = { readonly [Name in FieldName]: JsonField<UserEventFields[Name]> };

/** Reads a value's JSON by the fields of the record that it was written as. */
export const jsonRecord =
  (fields: JsonFields): ReadJson<UserEventFields> =>
  (given) => {
    if (!isJsonObject(given)) throw new Fault('that is not an object');
    const field = <T>(name: FieldName, { names, json, fallback }: JsonField<T>): T => {
      const found = names.find((one) => Object.hasOwn(given, one));
      if (found === undefined || json === undefined) {
        if (fallback !== undefined) return fallback;
        throw new Fault(`without ${name}`);
      }
      try {
        return readEither(json, given[found]);
      } catch (fault) {
        if (!(fault instanceof Fault)) throw fault;
        throw new Fault(`whose ${name} is ${fault.message}`);
      }
    };
    return {
      user_id: field('user_id', fields.user_id),
      event_type: field('event_type', fields.event_type),
      event_time: field('event_time', fields.event_time),
      event_id: field('event_id', fields.event_id),
      metadata: field('metadata', fields.metadata),
    };
  };
