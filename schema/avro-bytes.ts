import avro from 'avsc';
import published from './user-event.avsc.json' with { type: 'json' };

/** An encoder of events as bare Avro, with one schema. */
export interface AvroWriter {
  readonly type: avro.types.RecordType;
  /**
   * Completes an event: a field that is not given has the schema's default, or null without one.
   * @param given values as avsc takes them, by the names of the fields; a long may also be a bigint.
   */
  withDefaults(given: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** Encodes an event. @throws if a field without a default is not given, unless it may be null. */
  bytes(given: Readonly<Record<string, unknown>>): Buffer;
}

/** A long of 64 bits, given as a number or a bigint. avsc's own writes those below -2^52 wrong, and refuses those beyond ±2^53. */
const exactLong = avro.types.LongType.__with({
  isValid: (value: unknown) =>
    typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value),
  toBuffer(value: number | bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromBuffer(bytes: Buffer) {
    const value = bytes.readBigInt64LE();
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  },
  fromJSON: (value: unknown) => value,
  toJSON: (value: unknown) => value,
  compare: (one: number | bigint, other: number | bigint) =>
    Number(one > other) - Number(one < other),
});

const isLong = (schema: unknown): boolean =>
  schema === 'long' || (schema as { readonly type?: unknown } | null)?.type === 'long';

export const avroWriter = (schema: object): AvroWriter => {
  const type = avro.Type.forSchema(schema as avro.Schema, {
    typeHook: (part) => (isLong(part) ? exactLong : undefined),
  }) as unknown as avro.types.RecordType;
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
