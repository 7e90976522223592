import type { EventLine } from './event-lines.ts';

/** The wire formats in which events can be produced. */
export const wireFormats = ['avro', 'json', 'confluent'] as const;
export type WireFormat = (typeof wireFormats)[number];

/**
 * Encodes the value of an event: bare Avro; Avro behind Confluent's header, a zero byte and the schema's id; or JSON by the names of
 * the fields, with times in milliseconds.
 * @param schemaId the id of the schema in the registry; used by `confluent` alone.
 */
export const encode = (
  { fields, avro }: Pick<EventLine, 'fields' | 'avro'>,
  format: WireFormat,
  schemaId = 0,
): Buffer => {
  if (format === 'avro') return avro;
  if (format === 'json') return Buffer.from(JSON.stringify(fields));
  const header = Buffer.alloc(5);
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, avro]);
};
