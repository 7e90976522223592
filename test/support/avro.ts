import { publishedFields, type Value } from '../../cli/verify/rules/schema-fields.ts';
import { publishedWriter } from '../../schema/avro-bytes.ts';

/** The fields that tests name. */
export interface Fields {
  user_id: string;
  event_type: string;
  event_time: number;
  event_id: string;
  metadata: Record<string, string>;
}

export const userId = '11111111-1111-4111-8111-111111111111';
export const eventId = '22222222-2222-4222-8222-222222222222';

const standard: Fields = {
  user_id: userId,
  event_type: 'click',
  event_time: 1_700_000_000_000,
  event_id: eventId,
  metadata: {},
};

/** Makes the fields of a valid event for avsc. A test gives the fields that it is about; others have the schema's default. */
export const fields = (given: Partial<Fields> = {}): Fields => ({
  ...publishedWriter.withDefaults({ ...standard }),
  ...standard,
  ...given,
});

/** Makes the decoded values of a valid event, by the names of its fields. */
export const eventValues = (given: Partial<Fields> = {}): Record<string, Value> => {
  const { metadata, ...others } = { ...standard, ...given };
  const defaults = publishedFields.map(({ name, fallback = null }) => [name, fallback] as const);
  return {
    ...Object.fromEntries(defaults),
    ...others,
    metadata: new Map(Object.entries(metadata)),
  };
};

/** Encodes an event as bare Avro, by avsc's plain type. */
export const encode = (given: Partial<Fields> = {}): Buffer =>
  publishedWriter.bytes({ ...fields(given) });
