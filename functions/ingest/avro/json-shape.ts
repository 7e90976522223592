import type { UserEventFields } from '../user-event.ts';
import type { AvroType, RecordType } from './avro-schema.ts';
import { unitsOfMillisecond } from './field-types.ts';

type FieldName = keyof UserEventFields;

/** How a value's JSON names the event's fields, and in what it counts time. */
export interface JsonShape {
  /** The names to look for; the first that is there counts. */
  readonly names: { readonly [Name in FieldName]: readonly string[] };
  readonly unitsOfMillisecond: number;
}

/** A field of the event by the name and the type that it was written with. */
interface NamedField {
  readonly field: FieldName;
  readonly name: string;
  readonly type: AvroType;
}

export const jsonShape = (fields: readonly NamedField[]): JsonShape => {
  const named = (field: FieldName) =>
    fields.filter((one) => one.field === field).map(({ name }) => name);
  const time = fields.find(({ field }) => field === 'event_time')?.type;
  const times = time?.kind === 'union' ? time.branches : time === undefined ? [] : [time];
  return {
    names: {
      user_id: named('user_id'),
      event_type: named('event_type'),
      event_time: named('event_time'),
      event_id: named('event_id'),
      metadata: named('metadata'),
    },
    unitsOfMillisecond: times.map(unitsOfMillisecond).find((units) => units !== undefined) ?? 1,
  };
};

/** Of values whose writer's schema is not known: the reader's own names and aliases. */
export const readersJsonShape = (reader: RecordType): JsonShape =>
  jsonShape(
    reader.fields.flatMap(({ name, aliases, type }) =>
      [name, ...aliases].map((one) => ({ field: name as FieldName, name: one, type })),
    ),
  );
