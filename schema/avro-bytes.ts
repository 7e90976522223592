import avro from 'avsc';
import published from './user-event.avsc.json' with { type: 'json' };

/** An encoder of events as bare Avro, with one schema. */
export interface AvroWriter {
  readonly type: avro.types.RecordType;
  /**
   * Completes an event: a field that is not given has the schema's default, or null without one.
   * @param given values as avsc takes them, by the names of the fields.
   */
  withDefaults(given: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** Encodes an event. @throws if a field without a default is not given, unless it may be null. */
  bytes(given: Readonly<Record<string, unknown>>): Buffer;
}

export const avroWriter = (schema: object): AvroWriter => {
  const type = avro.Type.forSchema(schema as avro.Schema) as unknown as avro.types.RecordType;
  const withDefaults = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      type.fields.map((field) => [
        field.name,
        field.name in given ? given[field.name] : (field.defaultValue() ?? null),
      ]),
    );
  return { type, withDefaults, bytes: (given) => type.toBuffer(withDefaults(given)) };
};

/** The writer of events in the schema `user-event.avsc.json`. */
export const publishedWriter = avroWriter(published);

/** The published schema as an avsc type. */
export const userEventType = publishedWriter.type;
